import type { AliasableExpression, Expression, RawBuilder, SelectQueryBuilder, SqlBool } from 'kysely';
import type { SearchQuery } from '../../core/search/search-query.ts';
import type { SearchedTable } from '../../core/search/searched-table.ts';
import type { InstantSql } from './instant-sql.ts';

/**
 * What a column of a parameter table holds. `instant`: epoch milliseconds, given out as a timestamp
 * column would be.
 */
export type ParameterType = 'integer' | 'instant' | 'text';

/** A select over tables that are only known at run time. */
// biome-ignore lint/suspicious/noExplicitAny: see `QueryBuilder` of the store
export type DynamicSelect = SelectQueryBuilder<any, any, Record<string, any>>;

/**
 * A row that a search found. The names are none of a searched table, whose own columns so need no
 * alias in a join.
 */
export interface SearchMatchRow {
  readonly match_id: string;
  /** The higher, the better; comparable within one search only. */
  readonly score: number;
}

/**
 * The first rows of a table, in an order. Conditions and order name the table's columns without an
 * alias.
 */
export interface FirstRows {
  readonly table: string;
  /** The name of these rows in the query. */
  readonly alias: string;
  readonly conditions: readonly Expression<SqlBool>[];
  readonly orderBy: Expression<unknown>;
  readonly limit: number;
}

/**
 * The SQL that the two databases spell differently; everything else in a query is common to them.
 */
export interface SqlFunctions {
  /**
   * Rows of parameters as a derived table, to be aliased and joined: one bound value per table or
   * column, so that the statement is the same for one row and for a thousand. The column `number`
   * counts the rows from 0; grouping by it as the first of a join needs no sorting on SQLite.
   */
  parameterTable<Name extends string>(
    columns: Readonly<Record<Name, ParameterType>>,
    rows: readonly Readonly<Record<Name, number | string>>[],
  ): AliasableExpression<Record<Name | 'number', unknown>>;
  /**
   * Joins to each row of the query so far the rows of a table that fulfil the conditions: row by
   * row, through the table's indexes. Databases that do not know how many rows a joined range holds
   * would rather read the whole table.
   */
  joinEach(
    query: DynamicSelect,
    table: string,
    alias: string,
    conditions: readonly Expression<SqlBool>[],
  ): DynamicSelect;
  /**
   * Joins to each row of the query so far the first rows of a table that fulfil the conditions,
   * which may name columns of that row: one walk through an index for each. Where the index has the
   * order too, it reads no more rows than it gives. They come out in no order.
   */
  joinFirst(query: DynamicSelect, rows: FirstRows): DynamicSelect;
  /** Where a row lies: of use within one statement only. */
  readonly rowLocation: RawBuilder<unknown>;
  /**
   * Whether a row lies at one of the places that the select gives. The rows are fetched from there:
   * no plan can make a join of it, whatever the database believes to know of the table.
   */
  isAtLocation(places: Expression<unknown>): RawBuilder<SqlBool>;
  /** Of instants, as text. */
  readonly instants: InstantSql;
  /** A bound instant that compares with a timestamp column. */
  instant(epochMs: number): RawBuilder<unknown>;
  /** The earlier of two values of timestamp columns. */
  earlier(one: Expression<unknown>, other: Expression<unknown>): RawBuilder<unknown>;
  /**
   * The milliseconds from one value of a timestamp column to another, negative when the other is
   * earlier.
   */
  millisecondsBetween(from: Expression<unknown>, to: Expression<unknown>): RawBuilder<number>;
  /** Whether the text holds the part: literal, case-sensitive; a null text gives null. */
  contains(text: Expression<unknown>, part: string): RawBuilder<SqlBool>;
  startsWith(text: Expression<unknown>, prefix: string): RawBuilder<SqlBool>;
  /** Whether the JSON array has the text among its elements; a null array gives null or false. */
  hasElement(list: Expression<unknown>, text: string): RawBuilder<SqlBool>;
  /**
   * The sum as a double, 0 without rows. Sums of integers are exact as long as a double can hold
   * them, and never overflow.
   */
  sum(value: Expression<unknown>): RawBuilder<number>;
  /**
   * The value at `p` (0 to 1) of the values in ascending order, interpolated between neighbours;
   * null without values.
   */
  percentile(value: Expression<unknown>, p: number): RawBuilder<number | null>;
  /**
   * The aggregated rows as one JSON text, an array of arrays. It and `concatenatedBytes` take the
   * rows of a group in the same order: a thousand values in one cross threads and wires far faster
   * than in a thousand rows.
   */
  jsonRows(values: readonly Expression<unknown>[]): RawBuilder<string>;
  /** The aggregated binary values, one after the other. */
  concatenatedBytes(bytes: Expression<unknown>): RawBuilder<Uint8Array>;
  /** The text in an expression that sorts by code points, whatever the database's locale. */
  codePointOrder(text: Expression<unknown>): RawBuilder<unknown>;
  /**
   * The rows of a project that a full-text query finds, as a derived table in no order, to be
   * aliased and joined to the table.
   */
  search(searched: SearchedTable, projectId: string, query: SearchQuery): AliasableExpression<SearchMatchRow>;
}
