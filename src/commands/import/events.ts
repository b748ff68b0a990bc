import type { Column } from '../../core/dataset/column.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { isTag, TAGS, tagKey } from '../../core/dataset/tag.ts';
import { defined } from '../../core/defined.ts';
import { isObject } from '../../core/is-object.ts';
import { ConversionError, convertValue } from './convert.ts';
import { inputColumns, type Mapping, requiredColumns, UsageError } from './options.ts';
import type { FileRecord } from './records.ts';

/** An event in the form of the record mutation's input. */
export type Event = Readonly<Record<string, unknown>>;

/** A row that was not stored, and why. */
export interface RejectedRow {
  readonly line: number;
  readonly reason: string;
}

/** Turns rows of the file into events. */
export interface EventReader {
  read(record: FileRecord): { readonly event: Event } | { readonly rejected: RejectedRow };
  /** Fields of the file that no column uses. */
  readonly unused: readonly string[];
}

export interface FileFields {
  /** The fields that are known so far. */
  readonly names: readonly string[];
  /** Whether rows may have more fields than these (JSON Lines). */
  readonly open: boolean;
}

/**
 * Decides, from the fields of the first rows, where each column comes from: `--map`, otherwise
 * `--set`, otherwise a field of the same name (`latencyMs`, `latency_ms`, `Latency Ms`).
 *
 * @throws UsageError when a mapped field does not exist, or when a required column has no source.
 */
export function createEventReader(mapping: Mapping, fields: FileFields, fileId: string): EventReader {
  const { dataset, constants, timeZone } = mapping;
  const sources = inputColumns(dataset)
    .filter((column) => !constants.has(column.name))
    .map((column) => ({ column, path: pathOf(mapping, column, fields) }))
    .filter((source): source is { column: Column; path: readonly string[] } => source.path !== null);
  const taken = new Set(sources.map(({ column }) => column.name));
  assertComplete(mapping, taken, fields.names);
  const tags = createTagReader(mapping, fields);
  const used = new Set([...sources, ...tags.sources].map(({ path }) => path[0]));
  const fixed = convertConstants(mapping);
  const givesIds = inputColumns(dataset).some(({ name }) => name === 'id') && !taken.has('id');

  return {
    unused: fields.names.filter((name) => !used.has(name)),
    read(record) {
      if (record.problem !== undefined) return { rejected: { line: record.line, reason: record.problem } };
      const event: Record<string, unknown> = givesIds
        ? { id: rowId(fileId, record.line), ...fixed }
        : { ...fixed };
      for (const { column, path } of sources) {
        try {
          const value = convertValue(column, valueAt(record.values, path), timeZone);
          if (value !== undefined) event[column.name] = value;
        } catch (error) {
          if (!(error instanceof ConversionError)) throw error;
          return { rejected: { line: record.line, reason: `${column.name}: ${error.message}` } };
        }
      }
      return { event: tags.addTo(event, record) };
    },
  };
}

/** Reads single tags: `--map tags.team=Team`, `--set tags.team=search`. */
function createTagReader({ fields, constants }: Mapping, file: FileFields) {
  const sources = [...fields]
    .filter(([name]) => isTag(name))
    .map(([name, field]) => ({ key: tagKey(name), path: fieldPath(name, field, file) }));
  const fixed = [...constants].filter(([name]) => isTag(name)).map(([name, text]) => [tagKey(name), text]);
  return {
    sources,
    /** A tag without a value is left out. */
    addTo(event: Event, { values }: FileRecord): Event {
      const all = event[TAGS] ?? {};
      // Anything other than an object of tags is left for the server to reject.
      if (sources.length + fixed.length === 0 || !isObject(all)) return event;
      const read = sources.map(({ key, path }) => [key, toTag(valueAt(values, path))] as const);
      const single = [...fixed, ...read.filter(([, text]) => text !== undefined)];
      return { ...event, [TAGS]: { ...all, ...Object.fromEntries(single) } };
    },
  };
}

/**
 * A tag is a text. Any value other than text, a number or a boolean is left for the server to
 * reject.
 */
function toTag(value: unknown): unknown {
  if (value === null || value === '') return undefined;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

interface Constants extends Pick<Mapping, 'constants' | 'timeZone'> {
  readonly dataset: Pick<EntityTable, 'columns'>;
}

/**
 * The values of `--set` for columns that the table has.
 *
 * @throws UsageError for a value that is not valid for its column
 */
export function convertConstants({ dataset, constants, timeZone }: Constants): Record<string, unknown> {
  const fixed: Record<string, unknown> = {};
  for (const column of inputColumns(dataset)) {
    const text = constants.get(column.name);
    if (text === undefined) continue;
    try {
      fixed[column.name] = convertValue(column, text, timeZone);
    } catch (error) {
      if (!(error instanceof ConversionError)) throw error;
      throw new UsageError(`--set ${column.name}: ${error.message}.`);
    }
  }
  return fixed;
}

/**
 * The path to the column's value in a row: a field or, with dots, a field of a nested object. Null
 * if the file has none.
 */
function pathOf(mapping: Mapping, column: Column, file: FileFields): readonly string[] | null {
  const mapped = mapping.fields.get(column.name);
  if (mapped === undefined) {
    const field = file.names.find((name) => simplified(name) === simplified(column.name));
    return field === undefined ? null : [field];
  }
  const isRequired = requiredColumns(mapping.dataset).includes(column);
  return fieldPath(column.name, mapped, { ...file, open: file.open && !isRequired });
}

/**
 * The path to the field that `--map` names.
 *
 * @throws UsageError if no row can have it
 */
function fieldPath(name: string, mapped: string, { names, open }: FileFields): readonly string[] {
  if (names.includes(mapped)) return [mapped];
  const path = mapped.split('.');
  if (open || (path.length > 1 && names.includes(defined(path[0])))) return path;
  throw new UsageError(`--map ${name}: the file has no field ${mapped}. It has: ${names.join(', ')}.`);
}

/** A name in the form in which it is compared: only its ASCII letters and digits, in lower case. */
export function simplified(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function assertComplete(
  { dataset, constants }: Mapping,
  taken: ReadonlySet<string>,
  fields: readonly string[],
): void {
  const missing = requiredColumns(dataset)
    .map(({ name }) => name)
    .filter((name) => !taken.has(name) && !constants.has(name));
  if (missing.length === 0) return;
  const example = missing.map((name) => `${name}=…`).join(',');
  throw new UsageError(
    `${dataset.name} needs ${missing.join(', ')}, and the file has no such field. Name the field with --map ${example}, ` +
      `or give every row the same value with --set ${example}. The file has: ${fields.join(', ')}.`,
  );
}

function valueAt(values: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  let value: unknown = values;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/**
 * The id of the event of a line: the same content at the same line always gives the same id, so a
 * file that is imported twice is stored once. UUIDv8: 72 bits of `fileId` (hexadecimal, at least 18
 * digits), then the line, so that the ids of a file ascend and are cheap to insert.
 */
export function rowId(fileId: string, line: number): string {
  const tail = line.toString(16).padStart(12, '0');
  return `${fileId.slice(0, 8)}-${fileId.slice(8, 12)}-8${fileId.slice(12, 15)}-8${fileId.slice(15, 18)}-${tail}`;
}
