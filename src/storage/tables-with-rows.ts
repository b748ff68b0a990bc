import { sql } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { QueryBuilder } from './store.ts';

/**
 * Which tables of datasets have at least this many rows, by name. It reads at most that many index
 * entries per table, all in one statement, because servers ask this as soon as they start.
 */
export async function tablesWithRows(
  query: QueryBuilder,
  datasets: readonly Pick<Dataset, 'table'>[],
  rows: number,
): Promise<ReadonlySet<string>> {
  const [first, ...others] = datasets.map(({ table }) =>
    query
      .selectFrom((outer) =>
        outer
          .selectFrom(table)
          .select('project_id')
          .limit(1)
          .offset(rows - 1)
          .as('row'),
      )
      .select(sql.lit(table).as('name')),
  );
  if (first === undefined) return new Set();
  const found = await others.reduce((all, other) => all.unionAll(other), first).execute();
  return new Set(found.map(({ name }) => name));
}
