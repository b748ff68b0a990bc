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
 * A table of described columns, one row an event or a state of a project: all that lists, filters,
 * orders, nodes and the check of inputs need to know. Datasets and states are such tables. A
 * declaration keeps the names and kinds of its `Columns`; code that handles any table leaves them
 * out.
 */
export interface EntityTable<Columns extends ColumnTypes = ColumnTypes> {
  /** Events only happen: their rows never change. States live and change. */
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
   * The time that lists are sorted by unless they are told otherwise; the present where the input
   * leaves it out.
   */
  readonly timeColumn: string;
  /** The time that the server sets whenever it stores an input. */
  readonly storedAtColumn: string;
  /**
   * A column that identifies the row in its project; `id` is then derived from it and is no input.
   */
  readonly naturalKey?: string;
}

/**
 * The columns in their order, and where each stands: what all tables begin with, the table's own,
 * what they end with.
 *
 * @throws Error when one of its own has the name of another.
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

/** @throws Error when the natural key is no column. */
export function assertNaturalKey({ name, naturalKey, at }: EntityTable): void {
  if (naturalKey !== undefined && at[naturalKey] === undefined) {
    throw new Error(`${name}: the natural key ${naturalKey} is not a column`);
  }
}

/**
 * Where the column of that name stands in a row. @throws Error when there is none: a mistake in our
 * code, not in a request.
 */
export function positionOf({ name: table, at }: Pick<EntityTable, 'name' | 'at'>, name: string): number {
  const position = at[name];
  if (position === undefined) throw new Error(`${table} has no column ${name}`);
  return position;
}

/**
 * The column of that name. @throws Error when there is none: a mistake in our code, not in a
 * request.
 */
export function columnOf<Table extends Pick<EntityTable, 'name' | 'columns' | 'at'>>(
  table: Table,
  name: NameOf<Table['at']>,
): Column {
  const column = table.columns[table.at[name] ?? -1];
  if (column === undefined) throw new Error(`${table.name} has no column ${name}`);
  return column;
}
