import {
  type DeleteQueryBuilder,
  type DeleteResult,
  type Expression,
  type Kysely,
  type RawBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely';

/** A select over tables that are only known at run time. */
// biome-ignore lint/suspicious/noExplicitAny: see `QueryBuilder` of the store
export type DynamicSelect = SelectQueryBuilder<any, any, Record<string, any>>;

/** Begins such a select. */
// biome-ignore lint/suspicious/noExplicitAny: see `QueryBuilder` of the store
export type SelectFrom = Pick<Kysely<any>, 'selectFrom'>;

/** A delete from a table that is only known at run time. */
// biome-ignore lint/suspicious/noExplicitAny: see `QueryBuilder` of the store
export type DynamicDelete = DeleteQueryBuilder<any, any, DeleteResult>;

/** Begins such a delete. */
// biome-ignore lint/suspicious/noExplicitAny: see `QueryBuilder` of the store
export type DeleteFrom = Pick<Kysely<any>, 'deleteFrom' | 'with'>;

/**
 * The value at a path within JSON objects. All parts but the one of its type are null. All parts
 * are null if there is no value, or if it is null, a list or an object.
 */
export interface AttributeSql {
  /** As a double. */
  readonly number: RawBuilder<number | null>;
  /** Sorts and compares by code points. */
  readonly text: RawBuilder<string | null>;
  readonly boolean: RawBuilder<unknown>;
  /** Whether there is something other than null, which may be a list or an object. */
  readonly isPresent: RawBuilder<SqlBool>;
}

/** The SQL of conditions on columns that differs between the databases. */
export interface FilterFunctions {
  /** @param keys lead from the JSON object, through objects within, to the value */
  attribute(json: Expression<unknown>, keys: readonly string[]): AttributeSql;
  /** A bound instant that can be compared with a timestamp column. */
  instant(epochMs: number): RawBuilder<unknown>;
  /**
   * Whether the text contains the part, literally and case-sensitively. Null if the text is null.
   */
  contains(text: Expression<unknown>, part: string): RawBuilder<SqlBool>;
  startsWith(text: Expression<unknown>, prefix: string): RawBuilder<SqlBool>;
  /** Whether the text is an element of the JSON array. Null or false if the array is null. */
  hasElement(list: Expression<unknown>, text: string): RawBuilder<SqlBool>;
  /** An expression of the text that sorts by code points in every locale. */
  codePointOrder(text: Expression<unknown>): RawBuilder<unknown>;
  /**
   * Whether a row comes after a position in the order of a value and then of `id`, both in one
   * direction. False or null if the row has no value.
   */
  isBeyond(value: Expression<unknown>, direction: 'asc' | 'desc', position: KeyPosition): RawBuilder<SqlBool>;
}

/** A value in an order and the id of a row. */
export interface KeyPosition {
  readonly value: Expression<unknown>;
  readonly id: string;
}

/**
 * `isBeyond` as a comparison of row values, which lets a database seek in an index on the value.
 */
export const rowValueIsBeyond: FilterFunctions['isBeyond'] = (value, direction, position) =>
  sql`(${value}, id) ${direction === 'asc' ? sql`>` : sql`<`} (${position.value}, ${position.id})`;

/** The rows of a project that meet the conditions and lie within pieces of time. */
export interface RowsOfPieces {
  readonly table: string;
  /** The name of these rows in the query. */
  readonly alias: string;
  readonly projectId: string;
  /** At least two, ascending and disjoint. Each includes `from` and excludes `to`. */
  readonly pieces: readonly { readonly from: number; readonly to: number }[];
  readonly conditions: readonly Expression<SqlBool>[];
}

/** Rows within pieces of time. */
export interface SelectedPieces {
  readonly rows: DynamicSelect;
  /** The position of a row's piece in the list. */
  readonly number: RawBuilder<number>;
}

/** The SQL of questions about events that differs between the databases. */
export interface AnalyticsFunctions extends FilterFunctions {
  selectPieces(query: SelectFrom, rows: RowsOfPieces): SelectedPieces;
  /**
   * The sum as a double; 0 without rows. Sums of integers are exact as long as a double can
   * represent them, and never overflow.
   */
  sum(value: Expression<unknown>): RawBuilder<number>;
  /**
   * For each p (0 to 1) the value at `p` of the values in ascending order, interpolated between
   * neighbours. Null if there are no values.
   */
  percentiles(value: Expression<unknown>, ps: readonly number[]): RawBuilder<number | null>[];
}
