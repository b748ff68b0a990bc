import { sql } from 'kysely';
import { both } from '../core/build-filter.ts';
import type { Column } from '../core/dataset/column.ts';
import type { Filter, FilterTest } from '../core/filter.ts';
import { columnReference } from '../filter/where.ts';
import type { Store } from '../storage/store.ts';
import { type ListScope, opposite, selectScope } from './list-page.ts';
import type { Page } from './page.ts';

type Rows = Pick<Store, 'query' | 'functions'>;

/** Counts the rows, up to `most`. An index must find them. */
export async function countUpTo(store: Rows, scope: ListScope, most: number): Promise<number> {
  const rows = selectScope(store, scope).select(sql`1`.as('one')).limit(most);
  const found = await store.query
    .selectFrom(rows.as('rows'))
    .select(sql<unknown>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(found['count']);
}

/**
 * A test of the time, passed by the first `most` rows in the order of a page by time. An index must
 * have them in that order. Null: there are fewer rows.
 *
 * This needs a separate statement. With the time in a subquery, PostgreSQL may read the whole
 * table; with a known time it does not.
 */
export async function testOfFirst(
  store: Rows,
  { rows, page, most }: { readonly rows: ListScope; readonly page: Page; readonly most: number },
): Promise<FilterTest | null> {
  const { column } = page.order;
  const towards = directionOf(page);
  const last = towards === 'desc' ? sql<unknown>`min(time)` : sql<unknown>`max(time)`;
  const found = await store.query
    .selectFrom(firstTimes(store, rows, page).limit(most).as('first'))
    .select([sql<unknown>`count(*)`.as('count'), last.as('last')])
    .executeTakeFirstOrThrow();
  if (Number(found['count']) < most) return null;
  return testOf(column, towards === 'desc' ? 'gte' : 'lte', Number(found['last']));
}

/** The times of the rows in the order in which a page by time is read. */
export function firstTimes(store: Rows, rows: ListScope, page: Page) {
  const time = columnReference(page.order.column);
  return selectScope(store, rows).select(time.as('time')).orderBy(time, directionOf(page));
}

const directionOf = ({ order: { direction }, backward }: Page): 'asc' | 'desc' =>
  backward ? opposite(direction) : direction;

/**
 * The rows from which a page by time is taken: those of `sought` between its cursors, as far as
 * their times tell.
 */
export function betweenCursors(
  sought: Filter | null,
  { order: { column, direction }, after, before }: Page,
): Filter | null {
  const [beyond, upTo] = direction === 'asc' ? (['gte', 'lte'] as const) : (['lte', 'gte'] as const);
  const start = after === null ? null : testOf(column, beyond, after.value);
  const end = before === null ? null : testOf(column, upTo, before.value);
  return both(both(sought, start), end);
}

const testOf = (
  { name: field }: Column,
  operator: 'gte' | 'lte',
  value: FilterTest['value'],
): FilterTest => ({ kind: 'test', field, operator, value, negated: false });
