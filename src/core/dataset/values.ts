import type { ColumnKind, ColumnType, EnumType } from './column.ts';

/** The type of a value of each kind in a row. */
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

/** A column whose value every client must send. */
interface Given {
  readonly optional?: false;
  readonly source?: 'client';
}

/** A complete row by the names of its columns: all required values are set. */
export type Values<Columns> = {
  readonly [Name in keyof Columns]: Columns[Name] extends ColumnType
    ? Present<Columns[Name]> | Absent<Columns[Name]>
    : never;
};

/**
 * A row that the server must still complete. What a client must send is set and read-only; the rest
 * may be null and can be set.
 */
export type Draft<Columns> = {
  readonly [Name in keyof Columns as Columns[Name] extends Given ? Name : never]: Values<Columns>[Name];
} & {
  -readonly [Name in keyof Columns as Columns[Name] extends Given ? never : Name]:
    | Values<Columns>[Name]
    | null;
};

/** The type of a value of each kind as Prisma returns it, where it differs from that in a row. */
interface PrismaValueOfKind {
  readonly timestamp: Date;
  readonly json: unknown;
  readonly texts: readonly string[];
}

/**
 * A state by the names of its columns, as Prisma returns it: times are dates, and JSON and lists of
 * texts are parsed. No state has money, whose columns have other names in Prisma.
 */
export type StateValues<Columns> = {
  readonly [Name in keyof Columns]: Columns[Name] extends ColumnType
    ?
        | (Columns[Name]['kind'] extends keyof PrismaValueOfKind
            ? PrismaValueOfKind[Columns[Name]['kind']]
            : Present<Columns[Name]>)
        | Absent<Columns[Name]>
    : never;
};
