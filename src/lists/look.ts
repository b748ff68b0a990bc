import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { both } from '../core/build-filter.ts';
import type { Column } from '../core/dataset/column.ts';
import type { Filter, FilterTest } from '../core/filter.ts';
import { columnReference } from '../filter/where.ts';
import type { Store } from '../storage/store.ts';
import { type ListScope, opposite, selectScope } from './list-page.ts';
import type { Page } from './page.ts';

type Rows = Pick<Store, 'query' | 'functions'>;

/** Counts the rows, but no more than `most`. An index must find them. */
export async function countUpTo({ query, functions }: Rows, scope: ListScope, most: number): Promise<number> {
  const rows = selectScope({ query, functions }, scope).select(sql`1`.as('one')).limit(most);
  const found = await query
    .selectFrom(rows.as('rows'))
    .select(sql<unknown>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(found['count']);
}

/**
 * Whether a row of a list by time is among the first of these rows, as far as the times tell. An
 * index must have them in the order of time: then a statement with this condition reads no more.
 */
export function isAmongFirst(
  { query, functions }: Rows,
  rows: ListScope,
  { order: { column, direction }, backward }: Page,
  most: number,
): RawBuilder<SqlBool> {
  const time = columnReference(column);
  const towards = backward ? opposite(direction) : direction;
  const first = selectScope({ query, functions }, rows)
    .select(time.as('time'))
    .orderBy(time, towards)
    .limit(most);
  const last = query
    .selectFrom(first.as('first'))
    .select((towards === 'desc' ? sql`min(time)` : sql`max(time)`).as('last'));
  return towards === 'desc' ? sql`${time} >= ${last}` : sql`${time} <= ${last}`;
}

/** The rows from which a page by time comes: those of `sought` between its cursors, as far as the times tell. */
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
