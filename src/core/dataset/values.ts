import type { ColumnKind, ColumnType, EnumType } from './column.ts';

/** What a value of each kind is in a row. */
interface ValueOfKind extends Readonly<Record<ColumnKind, string | number | boolean>> {
  readonly uuid: string;
  readonly text: string;
  readonly enum: string;
  readonly integer: number;
  readonly float: number;
  readonly money: number;
  readonly boolean: boolean;
  readonly timestamp: number;
  readonly duration: string;
  readonly json: string;
  readonly texts: string;
}

type Present<Type extends ColumnType> =
  Type extends EnumType<infer Name, infer _Role, infer _Optional, infer _Source>
    ? Name
    : ValueOfKind[Type['kind']];

type Absent<Type extends ColumnType> = true extends Type['optional'] ? null : never;

/** What every client must give: no other value stands in for it. */
interface Given {
  readonly optional?: false;
  readonly source?: 'client';
}

/** A row by the names of its columns: all that is required is there. */
export type Values<Columns> = {
  readonly [Name in keyof Columns]: Columns[Name] extends ColumnType
    ? Present<Columns[Name]> | Absent<Columns[Name]>
    : never;
};

/**
 * A row that the server has still to complete: what a client must give is there and stays, the rest
 * may be null and is set.
 */
export type Draft<Columns> = {
  readonly [Name in keyof Columns as Columns[Name] extends Given ? Name : never]: Values<Columns>[Name];
} & {
  -readonly [Name in keyof Columns as Columns[Name] extends Given ? never : Name]:
    | Values<Columns>[Name]
    | null;
};
