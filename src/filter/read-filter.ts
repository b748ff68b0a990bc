import { ATTRIBUTES, hasAttributes } from '../core/dataset/attribute.ts';
import type { Column } from '../core/dataset/column.ts';
import type { EntityTable } from '../core/dataset/table.ts';
import { hasTags, TAGS } from '../core/dataset/tag.ts';
import { InvalidArgument } from '../core/errors.ts';
import type { Filter } from '../core/filter.ts';
import type { FilterFieldKind } from '../core/filter-value.ts';
import { toUuid } from '../core/global-id.ts';
import { isDeeperThan, MAX_JSON_LEVELS } from '../core/json-depth.ts';
import { MAX_DEPTH, normalizeFilter } from '../core/normalize-filter.ts';

/**
 * Columns that a filter can test: all except the project, which the caller's access determines,
 * JSON, durations and hidden columns. Attributes of events can be tested by their paths, and tags
 * by their keys.
 */
export function filterableColumns(table: EntityTable): readonly Column[] {
  return table.columns.filter(
    ({ name, kind, hidden }) => name !== 'projectId' && kind !== 'json' && kind !== 'duration' && !hidden,
  );
}

/**
 * Converts a filter of the API to the filter tree; null if it matches every row. The input is the
 * argument of a field, or the same as plain JSON that no schema has checked.
 *
 * @param path the path of the filter in the arguments.
 * @throws InvalidArgument at the path of the part that cannot be used.
 */
export function readFilter(table: EntityTable, input: unknown, path = 'filter'): Filter | null {
  // No schema has bounded plain JSON, and the following code descends into it.
  if (isDeeperThan(MAX_JSON_LEVELS, input))
    throw new InvalidArgument(`A filter has at most ${MAX_DEPTH} levels.`, path);
  const columns = new Map(filterableColumns(table).map((column) => [column.name, column]));
  const kindOf = (field: string): FilterFieldKind | undefined => {
    if (field === ATTRIBUTES && hasAttributes(table)) return 'attribute';
    if (field === TAGS && hasTags(table)) return 'tag';
    const column = columns.get(field);
    return column && fieldKind(column);
  };
  return normalizeFilter(withStoredOperands({ table, columns, kindOf }, input, path), kindOf, path);
}

function fieldKind({ kind }: Column): FilterFieldKind {
  if (kind === 'json' || kind === 'duration') throw new Error(`Columns of ${kind} take no filter`);
  return kind === 'integer' || kind === 'float' ? 'number' : kind;
}

interface Fields {
  readonly table: EntityTable;
  /** By name. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Undefined if there is no such field. */
  readonly kindOf: (field: string) => FilterFieldKind | undefined;
}

/** Replaces global ids in the filter by bare UUIDs, and checks that the values of enums exist. */
function withStoredOperands(fields: Fields, input: unknown, path: string): unknown {
  if (Array.isArray(input))
    return input.map((part, index) => withStoredOperands(fields, part, `${path}.${index}`));
  if (typeof input !== 'object' || input === null) return input;
  const entries = Object.entries(input).map(([name, value]) => {
    const inner = `${path}.${name}`;
    if (name === 'and' || name === 'or' || name === 'not')
      return [name, withStoredOperands(fields, value, inner)];
    if (fields.kindOf(name) === undefined)
      throw new InvalidArgument(`There is no field ${name} to filter by. ${known(fields)}`, inner);
    const convert = operandConversion(fields, name);
    return [name, convert === null ? value : mapOperands(value, inner, convert)];
  });
  return Object.fromEntries(entries);
}

function known({ table, columns }: Fields): string {
  const within = [...(hasAttributes(table) ? [ATTRIBUTES] : []), ...(hasTags(table) ? [TAGS] : [])];
  return `The fields are ${[...columns.keys(), ...within].join(', ')}; and, or and not combine them.`;
}

/** Converts one operand. Throws InvalidArgument at `path` if the operand cannot be used. */
type Conversion = (operand: string, path: string) => string;

/** Null if the operands of the field stay as they are. */
function operandConversion({ table, columns }: Fields, field: string): Conversion | null {
  if (field === 'id') return (id, path) => toUuid(id, table.entity, path);
  const values = columns.get(field)?.values;
  if (values === undefined) return null;
  return (value, path) => {
    if (Object.hasOwn(values, value)) return value;
    throw new InvalidArgument(`${path} takes one of ${Object.keys(values).join(', ')}.`, path);
  };
}

/** Converts only strings. `normalizeFilter` checks all other operands. */
function mapOperands(operators: unknown, path: string, convert: Conversion): unknown {
  if (typeof operators !== 'object' || operators === null || Array.isArray(operators)) return operators;
  const each = (operand: unknown, at: string): unknown =>
    typeof operand === 'string' ? convert(operand, at) : operand;
  return Object.fromEntries(
    Object.entries(operators).map(([operator, operand]) => {
      const at = `${path}.${operator}`;
      const list = Array.isArray(operand);
      return [
        operator,
        list ? operand.map((item, index) => each(item, `${at}.${index}`)) : each(operand, at),
      ];
    }),
  );
}
