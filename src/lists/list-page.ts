import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Column } from '../core/dataset/column.ts';
import type { EntityTable } from '../core/dataset/table.ts';
import type { Filter } from '../core/filter.ts';
import { bound, columnReference, whereFilter } from '../filter/where.ts';
import type { Store } from '../storage/store.ts';
import type { ListOrder, Page, Position } from './page.ts';
import { createRowReader, type StoredRow, selectStored } from './stored-rows.ts';

/** Which rows of a table a list is about. */
export interface ListScope {
  readonly table: EntityTable;
  readonly projectId: string;
  /** Null: all of the project. */
  readonly filter: Filter | null;
}

/** A row of a page and its place in the list. */
export interface PageRow {
  readonly position: Position;
  /** Holds the columns that were asked for. */
  readonly row: StoredRow;
}

export interface ListPage {
  /** In the order of the list, whichever end the page was counted from. */
  readonly rows: readonly PageRow[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** Of a page that holds nothing. */
export const EMPTY_PAGE: ListPage = { rows: [], hasNextPage: false, hasPreviousPage: false };

/**
 * The name of the value by which the list is sorted in what the statement gives: no column has it.
 */
const SORTED = '$sorted';

/**
 * Finds the rows of a page, with these columns, by seeking to the cursor, so that page 1,000 costs
 * what page 1 costs and pages do not shift when events come or go. Reads one row more than the
 * page, to know whether the list goes on; that it goes on behind a cursor that was given is taken
 * for granted.
 */
export async function findPage(
  store: Store,
  scope: ListScope,
  page: Page,
  columns: readonly Column[] = [],
): Promise<ListPage> {
  const { column } = page.order;
  const read = createRowReader(columns);
  const found = await pageQuery(store, scope, page, columns).execute();
  const more = found.length > page.limit;
  const rows = found.slice(0, page.limit).map((row) => ({
    position: { id: String(row['id']), value: sortedValue(column, row[SORTED]) },
    row: read(row),
  }));
  return page.backward
    ? { rows: rows.reverse(), hasPreviousPage: more, hasNextPage: page.before !== null }
    : { rows, hasNextPage: more, hasPreviousPage: page.after !== null };
}

export function pageQuery(
  store: Pick<Store, 'query' | 'functions'>,
  scope: ListScope,
  page: Page,
  columns: readonly Column[] = [],
) {
  const { column, direction } = page.order;
  const reference = sortReference(store, column);
  const towards = page.backward ? opposite(direction) : direction;
  let query = selectScope(store, scope)
    .select([...selectStored(columns), sql`${reference}`.as(SORTED)])
    .limit(page.limit + 1);
  if (page.after !== null) query = query.where(isBeyond(store, page.order, page.after));
  if (page.before !== null) query = query.where(isBeyond(store, reversed(page.order), page.before, 'first'));
  if (column.optional) query = query.orderBy(sql`${reference} is null`, page.backward ? 'desc' : 'asc');
  return query.orderBy(reference, towards).orderBy('id', towards);
}

/** How many rows the list has, all pages together. */
export async function countRows(store: Store, scope: ListScope): Promise<number> {
  const row = await selectScope(store, scope)
    .select(sql<unknown>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(row['count']);
}

/** The rows that a list is about, as a query that selects nothing yet. */
export function selectScope(
  store: Pick<Store, 'query' | 'functions'>,
  { table, projectId, filter }: ListScope,
  rows: Parameters<Store['functions']['joinEach']>[0] = store.query.selectFrom(table.table),
) {
  const query = rows.where('project_id', '=', projectId);
  return filter === null ? query : query.where(whereFilter(store.functions, table, filter));
}

/**
 * What comes after a position in an order. Absent values come last; in the reversed order, seen
 * from the list's end, they come `first`. The comparison of rows lets an index on the column seek.
 */
function isBeyond(
  store: Pick<Store, 'functions'>,
  { column, direction }: ListOrder,
  { value, id }: Position,
  absent: 'first' | 'last' = 'last',
): RawBuilder<SqlBool> {
  const reference = sortReference(store, column);
  const beyond = direction === 'asc' ? sql`>` : sql`<`;
  if (value === null) {
    const sameValue = sql<SqlBool>`(${reference} is null and id ${beyond} ${id})`;
    return absent === 'last' ? sameValue : sql`(${reference} is not null or ${sameValue})`;
  }
  const present = sql<SqlBool>`(${reference}, id) ${beyond} (${bound(store.functions, column, value)}, ${id})`;
  return column.optional && absent === 'last' ? sql`(${reference} is null or ${present})` : present;
}

/**
 * Text is sorted by code points, whatever the database's locale: the same on both, and as cursors
 * compare it.
 */
function sortReference({ functions }: Pick<Store, 'functions'>, column: Column): RawBuilder<unknown> {
  const reference = columnReference(column);
  return column.kind === 'text' ? functions.codePointOrder(reference) : reference;
}

function reversed({ column, direction }: ListOrder): ListOrder {
  return { column, direction: opposite(direction) };
}

function opposite(direction: 'asc' | 'desc'): 'asc' | 'desc' {
  return direction === 'asc' ? 'desc' : 'asc';
}

/** Databases give instants as Date or as milliseconds and big integers as text. */
function sortedValue({ kind }: Column, value: unknown): Position['value'] {
  if (value === null) return null;
  if (kind === 'text') return String(value);
  return value instanceof Date ? value.getTime() : Number(value);
}
