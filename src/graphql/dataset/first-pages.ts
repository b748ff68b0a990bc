import { sql } from 'kysely';
import type { Column } from '../../core/dataset/column.ts';
import { columnReference } from '../../query/where.ts';
import type { Store } from '../../storage/store.ts';
import type { Page } from './page.ts';
import {
  type ListScope,
  NO_KEYS,
  type PageKeys,
  selectScope,
  sortedValue,
  sortReference,
} from './page-keys.ts';

/** Many lists of one table: each holds the rows of the scope that have one value in a text column. */
export interface ListsByValue {
  /** The rows of all lists. */
  readonly scope: ListScope;
  readonly column: Column;
  /** Each once. */
  readonly values: readonly string[];
}

interface NumberedRow {
  readonly value: string;
  readonly id: string;
  readonly sorted: unknown;
}

/**
 * The keys of the first page of each list, in the order of the values: what `findPageKeys` finds for each of them, by one statement.
 * `page` begins at the start and is sorted by a column that every row has.
 */
export async function findFirstPages(
  store: Store,
  { scope, column, values }: ListsByValue,
  { order, limit }: Page,
): Promise<PageKeys[]> {
  const reference = columnReference(column);
  const sorted = sortReference(store, order.column);
  const direction = order.direction === 'asc' ? sql`asc` : sql`desc`;
  const position = sql<number>`row_number() over (partition by ${reference} order by ${sorted} ${direction}, id ${direction})`;
  const numbered = selectScope(store, scope).select([
    'id',
    sql`${reference}`.as('value'),
    sql`${sorted}`.as('sorted'),
    position.as('position'),
  ]);
  const rows = (await store.query
    .selectFrom(numbered.as('numbered'))
    .where('position', '<=', limit + 1)
    .orderBy('position')
    .select(['id', 'value', 'sorted'])
    .execute()) as NumberedRow[];
  const found = new Map(values.map((value): [string, NumberedRow[]] => [value, []]));
  for (const row of rows) found.get(row.value)?.push(row);
  return [...found.values()].map((own) => {
    const positions = own
      .slice(0, limit)
      .map(({ id, sorted }) => ({ id, value: sortedValue(order.column, sorted) }));
    return { ...NO_KEYS, positions, hasNextPage: own.length > limit };
  });
}

/** How many rows each list has, by its value; those without any are left out. One statement. */
export async function countEach(
  store: Store,
  { scope, column }: ListsByValue,
): Promise<ReadonlyMap<string, number>> {
  const reference = columnReference(column);
  const rows = await selectScope(store, scope)
    .select([sql<string>`${reference}`.as('value'), sql<unknown>`count(*)`.as('count')])
    .groupBy(reference)
    .execute();
  return new Map(rows.map((row) => [row['value'] as string, Number(row['count'])]));
}
