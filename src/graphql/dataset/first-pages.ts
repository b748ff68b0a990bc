import { sql } from 'kysely';
import { columnOf, type EntityTable } from '../../core/dataset/table.ts';
import { isOneOf } from '../../core/filter.ts';
import { columnReference } from '../../query/where.ts';
import type { Context } from '../context.ts';
import { findNewestPerKey } from './newest-per-key.ts';
import { NO_KEYS, type PageKeys, selectScope } from './page-keys.ts';

/** Many lists of one table: each holds the rows of the project that have one value in a text column. */
export interface ListsByValue {
  readonly table: EntityTable;
  readonly column: string;
  /** Each once. */
  readonly values: readonly string[];
}

/** The keys of the first page of each list, the newest first, in the order of the values: what `findPageKeys` finds for each of them, by one statement. */
export async function findFirstPages(
  context: Context,
  { table, column, values }: ListsByValue,
  limit: number,
): Promise<PageKeys[]> {
  const found = await findNewestPerKey(context, table, column, values, limit + 1);
  return values.map((value) => {
    const keys = found.get(value) ?? [];
    const positions = keys.slice(0, limit).map(({ id, timestamp }) => ({ id, value: timestamp }));
    return { ...NO_KEYS, positions, hasNextPage: keys.length > limit };
  });
}

/** How many rows each list has, by its value; those without any are left out. One statement. */
export async function countEach(
  { services: { store }, projectId }: Context,
  { table, column, values }: ListsByValue,
): Promise<ReadonlyMap<string, number>> {
  const reference = columnReference(columnOf(table, column));
  const scope = { table, projectId, filter: isOneOf(column, values) };
  const rows = await selectScope(store, scope)
    .select([sql<string>`${reference}`.as('value'), sql<unknown>`count(*)`.as('count')])
    .groupBy(reference)
    .execute();
  return new Map(rows.map((row) => [row['value'] as string, Number(row['count'])]));
}
