import type { AliasableExpression, AliasedRawBuilder, Expression, RawBuilder, SqlBool } from 'kysely';
import type { SumsForm } from '../../core/rollup/cell.ts';
import type { SearchQuery } from '../../core/search/search-query.ts';
import type { SearchedTable } from '../../core/search/searched-table.ts';
import type {
  AnalyticsFunctions,
  DeleteFrom,
  DynamicDelete,
  DynamicSelect,
  SelectFrom,
} from './analytics-functions.ts';
import type { InstantSql } from './instant-sql.ts';

/**
 * The type of a column of a parameter table. `instant` takes epoch milliseconds and has the type of
 * a timestamp column; `uuid` has that of the ids of events and states.
 */
export type ParameterType = 'integer' | 'instant' | 'text' | 'uuid';

/**
 * A row that a search found. No searched table has columns of these names, so its columns need no
 * alias in a join.
 */
export interface SearchMatchRow {
  readonly match_id: string;
  /** Higher is better. Scores are comparable only within one search. */
  readonly score: number;
}

/**
 * The first rows of each key in an order. Conditions and order use the table's columns without an
 * alias.
 */
export interface FirstRows {
  readonly table: string;
  /** The name of these rows in the query. */
  readonly alias: string;
  /** The column that holds a key. */
  readonly column: Expression<unknown>;
  readonly keys: readonly string[];
  /** Conditions on each row, besides its key. */
  readonly conditions: readonly Expression<SqlBool>[];
  readonly orderBy: Expression<unknown>;
  readonly limit: number;
}

/** A table whose rows belong to a key of their project. */
export interface KeyedTable {
  readonly table: string;
  /** The column with the key. */
  readonly key: string;
}

/** The columns that locate a row of a table. */
export interface RowLocation {
  /** To be selected from the table. */
  readonly columns: readonly AliasedRawBuilder<unknown, string>[];
  /** Their names, for a select from a select of them. */
  readonly names: readonly string[];
}

/** A dataset, whose events have numbers in the order of their arrival. */
export interface NumberedTable {
  readonly name: string;
  readonly table: string;
}

/** A range of numbers in the order of arrival. */
export interface NumberRange {
  readonly after: number;
  readonly upTo: number;
}

/** The kind of values in a column of the database, derived from its type. */
export type StoredKind = 'text' | 'number' | 'boolean' | 'instant' | 'json' | 'bytes';

/** A column of a table, as the database describes it. */
export interface StoredColumnRow {
  readonly table_name: string;
  readonly column_name: string;
  /** The name of the type, in any case. */
  readonly type: string;
  /** The position in the primary key, from 1; 0: it is not part of it. */
  readonly key_position: number;
}

/**
 * A value in a form that is the same for all databases: instants are epoch milliseconds, JSON is
 * its value, and bytes are base64.
 */
export type MovedValue = unknown;

/** The SQL that differs between the databases. The rest of a query is common to them. */
export interface SqlFunctions extends AnalyticsFunctions {
  /** The form in which cells are written. Both forms can be read. */
  readonly cellSums: SumsForm;
  /**
   * Rows of parameters as a derived table, to be aliased and joined. It binds one value per table
   * or column, so the statement is the same for one row and for a thousand. The column `number`
   * counts the rows from 0. On SQLite, grouping by it needs no sorting if the table is the first of
   * the join.
   */
  parameterTable<Name extends string>(
    columns: Readonly<Record<Name, ParameterType>>,
    rows: readonly Readonly<Record<Name, number | string | null>>[],
  ): AliasableExpression<Record<Name | 'number', unknown>>;
  /**
   * Joins the rows of a table that meet the conditions to each row of the query, row by row through
   * the table's indexes. Without this, databases may read the whole table, because they cannot
   * estimate the rows of a joined range.
   *
   * @param implied a condition that follows from the others and concerns the table alone, for
   *   databases whose nodes do not know the rows of the query when they choose an index
   */
  joinEach(
    query: DynamicSelect,
    table: string,
    alias: string,
    conditions: readonly Expression<SqlBool>[],
    implied?: Expression<SqlBool> | null,
  ): DynamicSelect;
  /**
   * A select of the first rows of each key, with the key as `wanted.key`. It makes one index scan
   * per key. If the index also has the order, it reads no more rows than it returns. The result has
   * no order.
   */
  firstOfEach(query: SelectFrom, rows: FirstRows): DynamicSelect;
  /** A select of all columns of all tables: `table_name`, `column_name`. */
  readonly columnsOfTables: RawBuilder<{ table_name: string; column_name: string }>;
  /**
   * A select of the columns of all tables that hold values of their own, in their order. Omits
   * columns that the database computes, such as those for full-text search.
   */
  readonly storedColumns: RawBuilder<StoredColumnRow>;
  /** A value of `MovedValue` as a parameter for a column of its kind. */
  parameterOf(kind: StoredKind, value: MovedValue): unknown;
  /**
   * The number of an event in the order of arrival (decision 32); null: the event is from before
   * there were numbers.
   */
  readonly arrival: RawBuilder<number | null>;
  /** Which events of a dataset a snapshot has: text that only `arrivedAfter` can read. */
  arrivalsOf(dataset: NumberedTable): RawBuilder<number | string>;
  /**
   * The events that have arrived since, as a derived table, to be aliased. The database finds them
   * by their numbers and reads no others.
   */
  arrivedAfter(dataset: NumberedTable, arrivals: string): AliasableExpression<Record<string, unknown>>;
  /**
   * The events whose numbers lie after one and up to another, for each of the ranges, as a derived
   * table without a name. It has those with the lowest numbers, at most this many per range, but
   * all that have the same number. Its column `arrived` is the number; the others are those of the
   * table. The rows of a range come in the order of their numbers.
   */
  arrivedWithin(
    dataset: NumberedTable,
    ranges: readonly NumberRange[],
    limit: number,
  ): RawBuilder<Record<string, unknown>>;
  /**
   * The slots of writers whose append is in progress, as a derived table with the column `writer`,
   * to be aliased. The servers of a spread table commit one after another, so some may show the
   * events of such an append before others do. Null: all events of an append become visible at
   * once.
   */
  readonly appending: AliasableExpression<{ writer: number }> | null;
  /** The size of the database in bytes: a number, or its digits. */
  readonly databaseBytes: RawBuilder<number | string>;
  /**
   * Whether a table has no row with the project and key of a state. The database looks for one by
   * an index.
   */
  hasNoRows(
    state: KeyedTable & { readonly among: Expression<SqlBool> },
    rows: KeyedTable,
  ): RawBuilder<SqlBool>;
  /**
   * Whether tables are spread over several servers. Then no transaction sees all of them as they
   * were at one moment, so work that needs this runs in `Store.exclusively`. Nor can a row of a
   * query be used to seek in them.
   */
  readonly isSpread: boolean;
  /** A select whose rows are read before they are joined with others. */
  readFirst(query: DynamicSelect): DynamicSelect;
  /** The columns that locate a row of a table. Valid only within one statement. */
  locationIn(table: string): RowLocation;
  /**
   * Removes the rows of a table at the locations that the select returns. The database fetches the
   * rows by location: no plan can turn this into a scan, whatever its statistics say.
   */
  removeAt(query: DeleteFrom, table: string, locations: DynamicSelect): DynamicDelete;
  /**
   * Removes the rows of a table that meet the conditions, for each row of the query; compare
   * `joinEach`.
   */
  removeEach(
    query: DeleteFrom,
    rows: DynamicSelect,
    table: string,
    conditions: readonly Expression<SqlBool>[],
  ): DynamicDelete;
  /** Functions for instants, as SQL text. */
  readonly instants: InstantSql;
  /** The earlier of two values of timestamp columns. */
  earlier(one: Expression<unknown>, other: Expression<unknown>): RawBuilder<unknown>;
  /**
   * The milliseconds from one value of a timestamp column to another, negative when the other is
   * earlier.
   */
  millisecondsBetween(from: Expression<unknown>, to: Expression<unknown>): RawBuilder<number>;
  /**
   * Aggregates rows into one JSON text, an array of arrays. It and `concatenatedBytes` take the
   * rows of a group in the same order. One text of a thousand values crosses threads and networks
   * much faster than a thousand rows.
   */
  jsonRows(values: readonly Expression<unknown>[]): RawBuilder<string>;
  /** Aggregates binary values by joining them. */
  concatenatedBytes(bytes: Expression<unknown>): RawBuilder<Uint8Array>;
  /**
   * The rows of a project that a full-text query finds, as an unordered derived table, to be
   * aliased and joined to the searched table.
   */
  search(searched: SearchedTable, projectId: string, query: SearchQuery): AliasableExpression<SearchMatchRow>;
}
