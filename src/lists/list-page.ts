import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Column } from '../core/dataset/column.ts';
import type { EntityTable } from '../core/dataset/table.ts';
import type { Filter } from '../core/filter.ts';
import { bound, columnReference, whereFilter } from '../filter/where.ts';
import type { DynamicSelect, FilterFunctions } from '../storage/dialect/analytics-functions.ts';
import type { Store } from '../storage/store.ts';
import type { ListOrder, Page, Position } from './page.ts';
import { createRowReader, type StoredRow, selectStored } from './stored-rows.ts';

/** The rows of a table that a list contains. */
export interface ListScope {
  readonly table: EntityTable;
  readonly projectId: string;
  /** Null if the list contains all rows of the project. */
  readonly filter: Filter | null;
}

/** A row of a page and its position in the list. */
export interface PageRow {
  readonly position: Position;
  /** Has the columns that were asked for. */
  readonly row: StoredRow;
}

export interface ListPage {
  /** In the order of the list, for both `first` and `last`. */
  readonly rows: readonly PageRow[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** A page without rows. */
export const EMPTY_PAGE: ListPage = { rows: [], hasNextPage: false, hasPreviousPage: false };

/** The name of the sorted value in the result of the statement. No column has this name. */
const SORTED = '$sorted';

/** A page of a list. */
export interface PageOfList {
  readonly scope: ListScope;
  readonly page: Page;
  /** Which columns of its rows to read. Default: only their ids and positions. */
  readonly columns?: readonly Column[];
}

/**
 * Finds the rows of a page, with these columns. It seeks to the cursor, so page 1,000 costs as much
 * as page 1, and pages do not shift when events come or go. It reads one row more than the page to
 * know whether more rows follow. On the side of a given cursor it assumes that there are more rows.
 */
export async function findPage(store: Store, wanted: PageOfList): Promise<ListPage> {
  const { page, columns = [] } = wanted;
  const found = await pageQuery(store, wanted).execute();
  return toListPage(page, positionsOf(page, found), found.map(createRowReader(columns)));
}

/** The positions of the rows that `pageQuery` has found. */
export function positionsOf({ order }: Page, found: readonly Record<string, unknown>[]): Position[] {
  return found.map((row) => ({ id: String(row['id']), value: sortedValue(order.column, row[SORTED]) }));
}

/**
 * Makes a page from the positions that `pageQuery` has found, in their order. They include one more
 * than the page has if there are more.
 *
 * @param found the rows at the positions; undefined: the row was removed meanwhile
 */
export function toListPage(
  { limit, backward, before, after }: Page,
  positions: readonly Position[],
  found: readonly (StoredRow | undefined)[],
): ListPage {
  const more = positions.length > limit;
  const rows = positions.slice(0, limit).flatMap((position, index) => {
    const row = found[index];
    return row === undefined ? [] : [{ position, row }];
  });
  return backward
    ? { rows: rows.reverse(), hasPreviousPage: more, hasNextPage: before !== null }
    : { rows, hasNextPage: more, hasPreviousPage: after !== null };
}

/** The first rows of the page, one more than it has, in the order in which the page is read. */
export function pageQuery(store: RowsOfLists, { scope, page, columns = [] }: PageOfList) {
  const { column, direction } = page.order;
  const reference = sortReference(store, column);
  const towards = page.backward ? opposite(direction) : direction;
  let query = selectScope(store, scope)
    .select([...selectStored(columns), sql`${reference}`.as(SORTED)])
    .limit(page.limit + 1);
  if (page.after !== null)
    query = query.where(isBeyond(store, { ...page.order, absent: 'last' }, page.after));
  if (page.before !== null) query = query.where(isBeyond(store, reversed(page.order), page.before));
  if (column.optional) query = query.orderBy(sql`${reference} is null`, page.backward ? 'desc' : 'asc');
  return query.orderBy(reference, towards).orderBy('id', towards);
}

/** Counts the rows of the list on all pages. */
export async function countRows(
  store: RowsOfLists & Pick<Store, 'reading'>,
  scope: ListScope,
): Promise<number> {
  const { projectId } = scope;
  const row = await store.reading({ kind: 'LONG', projectId }, () =>
    selectScope(store, scope).select(sql<unknown>`count(*)`.as('count')).executeTakeFirstOrThrow(),
  );
  return Number(row['count']);
}

/** Where the rows of a list are read: in the database, or in its columnar copy. */
export interface RowsOfLists {
  readonly query: Store['query'];
  readonly functions: FilterFunctions;
}

/** The rows of a list, as a query without a selection. */
export function selectScope(
  store: RowsOfLists,
  { table, projectId, filter }: ListScope,
  rows: DynamicSelect = store.query.selectFrom(table.table),
) {
  const query = rows.where('project_id', '=', projectId);
  return filter === null ? query : query.where(whereFilter(store, table, filter));
}

/** An order, including where rows without a value come. */
interface WholeOrder extends ListOrder {
  readonly absent: 'first' | 'last';
}

/** The condition for rows after a position in an order. */
function isBeyond(
  store: Pick<RowsOfLists, 'functions'>,
  { column, direction, absent }: WholeOrder,
  { value, id }: Position,
): RawBuilder<SqlBool> {
  const reference = sortReference(store, column);
  if (value === null) {
    const sameValue = sql<SqlBool>`(${reference} is null and id ${direction === 'asc' ? sql`>` : sql`<`} ${id})`;
    return absent === 'last' ? sameValue : sql`(${reference} is not null or ${sameValue})`;
  }
  const position = { value: bound(store.functions, column, value), id };
  const present = store.functions.isBeyond(reference, direction, position);
  return column.optional && absent === 'last' ? sql`(${reference} is null or ${present})` : present;
}

/**
 * Text is sorted by code points in every locale: the same on both databases, and in the way that
 * cursors compare it.
 */
function sortReference({ functions }: Pick<RowsOfLists, 'functions'>, column: Column): RawBuilder<unknown> {
  const reference = columnReference(column);
  return column.kind === 'text' ? functions.codePointOrder(reference) : reference;
}

/** Absent values come last in the order of a list, so they come first in the reversed one. */
function reversed({ column, direction }: ListOrder): WholeOrder {
  return { column, direction: opposite(direction), absent: 'first' };
}

export function opposite(direction: 'asc' | 'desc'): 'asc' | 'desc' {
  return direction === 'asc' ? 'desc' : 'asc';
}

/** Databases return instants as Date or as milliseconds, and big integers as text. */
function sortedValue({ kind }: Column, value: unknown): Position['value'] {
  if (value === null) return null;
  if (kind === 'text') return String(value);
  return value instanceof Date ? value.getTime() : Number(value);
}
