import { type Column, type ColumnType, placeColumn } from './column.ts';

/**
 * A table of described columns, one row an event or a state of a project: all that lists, filters, orders, nodes and the
 * check of inputs need to know. Datasets and states are such tables.
 */
export interface EntityTable {
  /** Name of the list query: camelCase plural. */
  readonly name: string;
  /** Name of the GraphQL type and the Prisma model: PascalCase singular. */
  readonly entity: string;
  readonly table: string;
  /** Shown to users: what one row is. */
  readonly description: string;
  /** All columns in row order. */
  readonly columns: readonly Column[];
  /** Position of each column in a row, by name. */
  readonly at: Readonly<Record<string, number>>;
  /** The time that lists are sorted by unless they are told otherwise; the present where the input leaves it out. */
  readonly timeColumn: string;
  /** The time that the server sets whenever it stores an input. */
  readonly storedAtColumn: string;
  /** A column that identifies the row in its project; `id` is then derived from it and is no input. */
  readonly naturalKey?: string;
}

/** The columns in their order, and where each stands. */
export function placeColumns(
  types: Readonly<Record<string, ColumnType>>,
): Pick<EntityTable, 'columns' | 'at'> {
  const columns = Object.entries(types).map(([name, type], index) => placeColumn(name, type, index));
  return { columns, at: Object.fromEntries(columns.map((column) => [column.name, column.index])) };
}

/** @throws Error when the natural key is no column. */
export function assertNaturalKey({ name, naturalKey, at }: EntityTable): void {
  if (naturalKey !== undefined && at[naturalKey] === undefined) {
    throw new Error(`${name}: the natural key ${naturalKey} is no column`);
  }
}

/** The column of that name. @throws Error when there is none: a mistake in our code, not in a request. */
export function columnOf(table: Pick<EntityTable, 'name' | 'columns' | 'at'>, name: string): Column {
  const column = table.columns[table.at[name] ?? -1];
  if (column === undefined) throw new Error(`${table.name} has no column ${name}`);
  return column;
}
