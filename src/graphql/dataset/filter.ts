import type { Column } from '../../core/dataset/column.ts';
import type { EntityTable } from '../../core/dataset/table.ts';
import { type Filter, normalizeFilter } from '../../core/filter.ts';
import type { FilterFieldKind } from '../../core/filter-value.ts';
import { enumFilter, type FilterScalar, listFilter, scalarFilter } from '../filter-inputs.ts';
import { toUuid } from '../global-id.ts';
import { columnEnum, columnType, type DerivedInput } from './column-types.ts';
import type { Parts } from './parts.ts';

/** Columns that a filter can test: all but the project, which the caller's access decides, JSON, durations, and what is only stored. */
function filterableColumns(table: EntityTable): readonly Column[] {
  return table.columns.filter(
    ({ name, kind, hidden }) => name !== 'projectId' && kind !== 'json' && kind !== 'duration' && !hidden,
  );
}

/** `<Entity>Filter`: which events of the table. */
export function filterInput(parts: Parts, table: EntityTable): DerivedInput {
  const name = `${table.entity}Filter`;
  return parts.once(name, (builder) => {
    const ref = builder.inputRef<Record<string, unknown>>(name);
    return ref.implement({
      description: `Which ${table.name}: all fields that are given must hold.`,
      fields: (t) => ({
        ...Object.fromEntries(
          filterableColumns(table).map((column) => [
            column.name,
            t.field({ type: columnFilter(parts, column), description: column.description }),
          ]),
        ),
        and: t.field({ type: [ref], description: 'All of these hold. An empty list holds.' }),
        or: t.field({
          type: [ref],
          description: 'At least one of these holds. An empty list does not hold.',
        }),
        not: t.field({ type: ref, description: 'This does not hold.' }),
      }),
    });
  }) as DerivedInput;
}

function columnFilter(parts: Parts, column: Column): DerivedInput {
  if (column.kind === 'enum') return enumFilter(parts, column.enumName as string, columnEnum(parts, column));
  if (column.name === 'id') return scalarFilter(parts, 'ID');
  if (column.kind === 'texts') return listFilter(parts);
  return scalarFilter(parts, columnType(parts, column) as FilterScalar);
}

/**
 * The filter argument of a field as the one filter tree; null for no filter.
 *
 * @throws InvalidArgument at the path of the part that cannot be used.
 */
export function readFilter(table: EntityTable, input: unknown): Filter | null {
  const kinds = new Map(filterableColumns(table).map((column) => [column.name, fieldKind(column)]));
  return normalizeFilter(withUuids(table, input, 'filter'), (field) => kinds.get(field));
}

function fieldKind({ kind }: Column): FilterFieldKind {
  if (kind === 'json' || kind === 'duration') throw new Error(`Columns of ${kind} take no filter`);
  return kind === 'integer' || kind === 'float' ? 'number' : kind;
}

/** The filter with bare UUIDs in place of global ids. */
function withUuids(table: EntityTable, input: unknown, path: string): unknown {
  if (Array.isArray(input)) return input.map((part, index) => withUuids(table, part, `${path}.${index}`));
  if (typeof input !== 'object' || input === null) return input;
  const entries = Object.entries(input).map(([name, value]) => {
    const inner = `${path}.${name}`;
    if (name === 'id') return [name, operandsToUuids(table, value, inner)];
    return [name, name === 'and' || name === 'or' || name === 'not' ? withUuids(table, value, inner) : value];
  });
  return Object.fromEntries(entries);
}

function operandsToUuids(table: EntityTable, operators: unknown, path: string): unknown {
  const toBare = (id: unknown, at: string): unknown =>
    typeof id === 'string' ? toUuid(id, table.entity, at) : id;
  return Object.fromEntries(
    Object.entries(operators ?? {}).map(([operator, operand]) => {
      const at = `${path}.${operator}`;
      const list = Array.isArray(operand);
      return [
        operator,
        list ? operand.map((id, index) => toBare(id, `${at}.${index}`)) : toBare(operand, at),
      ];
    }),
  );
}
