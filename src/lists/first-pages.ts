import { sql } from 'kysely';
import { both, isOneOf } from '../core/build-filter.ts';
import type { Column } from '../core/dataset/column.ts';
import { columnOf, type EntityTable } from '../core/dataset/table.ts';
import type { Filter } from '../core/filter.ts';
import { columnReference } from '../filter/where.ts';
import type { Store } from '../storage/store.ts';
import { atReplica } from './at-replica.ts';
import { EMPTY_PAGE, type ListPage, type ListScope, type RowsOfLists, selectScope } from './list-page.ts';
import { findNewestRows } from './newest-per-key.ts';

/**
 * Many lists of one table. Each list has the rows of the project with one value in a text column.
 */
export interface ListsByValue {
  readonly projectId: string;
  readonly table: EntityTable;
  readonly column: string;
  /** Without repetition. */
  readonly values: readonly string[];
  /** Only rows that it matches. Null: all. */
  readonly filter: Filter | null;
}

/**
 * Finds the first page of each list, the newest rows first, with these columns. The pages are in
 * the order of the values. It finds the same as `findPage` for each list, but with one statement.
 */
export async function findFirstPages(
  store: Pick<Store, 'query' | 'functions' | 'readEvents'>,
  { values: keys, ...lists }: ListsByValue,
  { limit, columns }: { readonly limit: number; readonly columns: readonly Column[] },
): Promise<ListPage[]> {
  const found = await atReplica(store, lists.table, () =>
    findNewestRows(store, { ...lists, keys, first: limit + 1 }, columns),
  );
  return keys.map((key) => {
    const newest = found.get(key) ?? [];
    const rows = newest
      .slice(0, limit)
      .map(({ id, timestamp, row }) => ({ position: { id, value: timestamp }, row }));
    return { ...EMPTY_PAGE, rows, hasNextPage: newest.length > limit };
  });
}

/** The rows of all lists together. */
export const scopeOfAll = ({ projectId, table, column, values, filter }: ListsByValue): ListScope => ({
  table,
  projectId,
  filter: both(isOneOf(column, values), filter),
});

/**
 * Counts the rows of each list, by its value, in one statement. Lists without rows are omitted.
 *
 * @param scope the rows of all lists
 */
export async function countEach(
  store: RowsOfLists,
  scope: ListScope,
  column: string,
): Promise<ReadonlyMap<string, number>> {
  const reference = columnReference(columnOf(scope.table, column));
  const rows = await selectScope(store, scope)
    .select([sql<string>`${reference}`.as('value'), sql<unknown>`count(*)`.as('count')])
    .groupBy(reference)
    .execute();
  return new Map(rows.map((row) => [row['value'], Number(row['count'])]));
}
