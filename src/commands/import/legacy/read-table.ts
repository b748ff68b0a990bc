import type { Column } from '../../../core/dataset/column.ts';
import { mayBeAbsent } from '../../../core/dataset/column.ts';
import { defined } from '../../../core/defined.ts';
import { derivedId } from '../../../core/ids.ts';
import type { ForeignRow, ForeignTable } from '../../../storage/dialect/sqlite/foreign-file.ts';
import { ConversionError, convertValue } from '../convert.ts';
import { convertConstants, simplified } from '../events.ts';
import { inputColumns } from '../options.ts';
import { type Field, from, isEvents, type LegacySource, type LegacyTable } from './source.ts';

export interface LegacyOptions {
  /** `--map`: our column → a column of the table. */
  readonly fields: ReadonlyMap<string, string>;
  /** `--set`: our column → the same text for every row. */
  readonly constants: ReadonlyMap<string, string>;
  readonly timeZone: string;
}

/** Reads the rows of one table of a file. */
export interface TableReader {
  readonly mapping: LegacyTable;
  readonly table: ForeignTable;
  /** Columns that require a value and have none. */
  readonly missing: readonly string[];
  /** Columns of the table that nothing uses. */
  readonly unused: readonly string[];
  /** The same for the same row each time, whichever file of this source it is in. */
  idOf(row: ForeignRow): string;
  /** For people: how to find the row in the file. */
  nameOf(row: ForeignRow): string;
  /**
   * The row as the input of a mutation.
   *
   * @throws ConversionError if a value is not valid
   */
  read(row: ForeignRow): Record<string, unknown>;
}

interface Source {
  readonly column: Column;
  readonly name: string;
  readonly read: (value: unknown) => unknown;
}

const ATTRIBUTES = 'attributes';
const unchanged = (value: unknown) => value;

/** @param columns the columns of the rows: those of the table, or those selected from it */
export function createTableReader(
  { name: source }: LegacySource,
  mapping: LegacyTable,
  {
    table,
    columns,
    options,
  }: {
    readonly table: ForeignTable;
    readonly columns: readonly string[];
    readonly options: LegacyOptions;
  },
): TableReader {
  const { into, ignored = [] } = mapping;
  const fixed = convertConstants({ dataset: into, ...options });
  const inputs = inputColumns(into).filter(({ name }) => name !== 'id');
  const sources = inputs.flatMap((column) =>
    Object.hasOwn(fixed, column.name) ? [] : sourceOf(column, mapping, { columns, fields: options.fields }),
  );
  const taken = new Set(sources.map(({ name }) => name));
  const rest = columns.filter(
    (name) => !taken.has(name) && !ignored.includes(name) && !table.key.includes(name),
  );
  const givesAttributes =
    isEvents(mapping) && !fixed[ATTRIBUTES] && !sources.some(({ column }) => column.name === ATTRIBUTES);
  // An event without a time would count as one of now.
  const needed = inputs.filter(
    (column) => !mayBeAbsent(column) || (isEvents(mapping) && column.name === into.timeColumn),
  );
  const identity = [...table.key, ...(isEvents(mapping) ? mapping.identity : [])];
  const keyed = [...new Set(identity)].filter((name) => columns.includes(name));

  return {
    mapping,
    table,
    missing: needed
      .map(({ name }) => name)
      .filter((name) => !Object.hasOwn(fixed, name) && !sources.some(({ column }) => column.name === name)),
    unused: givesAttributes ? [] : rest,
    idOf: (row) =>
      derivedId(`legacy ${source}`, table.name, JSON.stringify(keyed.map((name) => String(row[name])))),
    nameOf: (row) =>
      (table.key.length > 0 ? table.key : keyed).map((name) => `${name} ${row[name]}`).join(', '),
    read(row) {
      const input: Record<string, unknown> = { ...fixed };
      const left: Record<string, unknown> = {};
      if (givesAttributes) for (const name of rest) if (row[name] !== null) left[name] = row[name];
      for (const { column, name, read } of sources) {
        const value = read(row[name]);
        if (value === undefined && givesAttributes) left[name] = row[name];
        const converted = convert(column, value, options.timeZone);
        if (converted !== undefined) input[column.name] = converted;
      }
      if (Object.keys(left).length > 0) input[ATTRIBUTES] = left;
      return input;
    },
  };
}

/** @throws ConversionError that names the column */
function convert(column: Column, value: unknown, timeZone: string): unknown {
  try {
    return convertValue(column, value, timeZone);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new ConversionError(`${column.name}: ${error.message}`);
  }
}

/**
 * Where the column comes from: `--map`, otherwise the mapping, otherwise a column of the same name.
 */
function sourceOf(
  column: Column,
  mapping: LegacyTable,
  { columns, fields }: { readonly columns: readonly string[]; readonly fields: LegacyOptions['fields'] },
): Source[] {
  const field: Field = mapping.fields[column.name] ?? from();
  const mapped = fields.get(column.name);
  const same = columns.find((name) => simplified(name) === simplified(column.name));
  const candidates = [
    ...(mapped === undefined ? [] : [mapped]),
    ...field.from,
    ...(same === undefined ? [] : [same]),
  ];
  const name = candidates.find((candidate) => columns.includes(candidate));
  if (name === undefined) return [];
  return [{ column, name, read: name === mapped ? unchanged : (field.read ?? unchanged) }];
}

/** Reads a time of the row that is not part of its input, such as that of a test's last run. */
export function timeReader({ into }: LegacyTable, timeZone: string): (value: unknown) => string {
  const column = defined(into.columns.find(({ name }) => name === into.timeColumn));
  return (value) => String(convertValue(column, value, timeZone));
}
