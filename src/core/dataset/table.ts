import { type Column, type ColumnType, placeColumn } from './column.ts';
import type { ColumnTypes, NameOf } from './names.ts';

/** The columns that every table begins with. */
interface CommonColumns {
  readonly projectId: ColumnType<'text'>;
  readonly id: ColumnType<'uuid'>;
}

/** Position of each column in a row. */
type Positions<Columns> = { readonly [Name in keyof Columns]: number };

/**
 * A table with described columns, in which a row is an event or a state of a project: everything
 * that lists, filters, orders, nodes and the check of inputs need to know. Datasets and states are
 * such tables. `Columns` are the names and kinds of a declaration's columns; code that handles any
 * table omits them.
 */
export interface EntityTable<Columns extends ColumnTypes = ColumnTypes> {
  /** Events only happen, so their rows never change. States live and change. */
  readonly kind: 'event' | 'state';
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
  readonly at: Positions<CommonColumns & Columns>;
  /**
   * The time by which lists are sorted by default. If the input omits it, it is the current time.
   */
  readonly timeColumn: string;
  /** The time that the server sets whenever it stores an input. */
  readonly storedAtColumn: string;
  /**
   * A column that identifies the row in its project. Then `id` is derived from it and is not an
   * input.
   */
  readonly naturalKey?: string;
  /**
   * Columns whose indexes find the rows with one value, either in the order of time or few of them;
   * columns with the fewest rows per value first. Only datasets name them.
   */
  readonly indexed?: readonly string[];
}

/**
 * The columns of all groups in their order, and the position of each by its name.
 *
 * @throws Error if two columns have the same name.
 */
export function placeColumns<Columns extends ColumnTypes>(
  table: string,
  groups: readonly ColumnTypes[],
): Pick<EntityTable<Columns>, 'columns' | 'at'> {
  const types = groups.flatMap((group) => Object.entries(group));
  const columns = types.map(([name, type], index) => placeColumn(name, type, index));
  const at = Object.fromEntries(columns.map((column) => [column.name, column.index]));
  const twice = columns.find(({ name, index }) => at[name] !== index);
  if (twice !== undefined) throw new Error(`${table}: there are two columns ${twice.name}`);
  return { columns, at: at as EntityTable<Columns>['at'] };
}

/** @throws Error if the natural key is not a column. */
export function assertNaturalKey({ name, naturalKey, at }: EntityTable): void {
  if (naturalKey !== undefined && at[naturalKey] === undefined) {
    throw new Error(`${name}: the natural key ${naturalKey} is not a column`);
  }
}

/**
 * The position in a row of the column of that name.
 *
 * @throws Error if there is no such column: a mistake in our code, not in a request.
 */
export function positionOf({ name: table, at }: Pick<EntityTable, 'name' | 'at'>, name: string): number {
  const position = at[name];
  if (position === undefined) throw new Error(`${table} has no column ${name}`);
  return position;
}

/**
 * The column of that name.
 *
 * @throws Error if there is no such column: a mistake in our code, not in a request.
 */
export function columnOf<Table extends Pick<EntityTable, 'name' | 'columns' | 'at'>>(
  table: Table,
  name: NameOf<Table['at']>,
): Column {
  const column = table.columns[table.at[name] ?? -1];
  if (column === undefined) throw new Error(`${table.name} has no column ${name}`);
  return column;
}
