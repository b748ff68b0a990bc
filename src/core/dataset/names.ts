import type { ColumnKind, ColumnType } from './column.ts';

/** Columns by name. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

export type NameOf<Columns> = keyof Columns & string;

/** The names of the columns whose type extends `Wanted`. */
type NameOfThose<Columns, Wanted> = {
  [Name in keyof Columns]: Columns[Name] extends Wanted ? Name : never;
}[keyof Columns] &
  string;

/** The names of the dimensions. */
export type DimensionOf<Columns> = NameOfThose<Columns, { readonly role?: 'dimension' }>;

/** The names of the columns of a kind. */
export type NameOfKind<Columns, Kind extends ColumnKind> = NameOfThose<Columns, { readonly kind: Kind }>;

/** The names of columns, in their order. */
export const namesOf = <Columns extends ColumnTypes>(columns: Columns): readonly NameOf<Columns>[] =>
  Object.keys(columns);
