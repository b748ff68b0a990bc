import { sql } from 'kysely';
import { compareText } from '../../core/compare-text.ts';
import type { Store } from '../../storage/store.ts';
import type { OtlpCount } from './counts.ts';

const TABLE = 'otlp_counts';
const KEY = ['project_id', 'sender', 'signal', 'outcome', 'kind'];

/**
 * Adds to the counts of the database in one statement, so that instances never lose each other's
 * counts.
 */
export async function addCounts(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  counts: readonly OtlpCount[],
): Promise<void> {
  const instant = (time: number) => functions.parameterOf('instant', time);
  const rows = counts
    .map(({ projectId, firstAt, lastAt, ...count }) => ({
      project_id: projectId,
      ...count,
      first_at: instant(firstAt),
      last_at: instant(lastAt),
    }))
    // Instances that lock several rows lock them in the same order.
    .sort((one, other) => compareText(keyOf(one), keyOf(other)));
  const [own, added] = [
    (name: string) => sql.ref(`${TABLE}.${name}`),
    (name: string) => sql.ref(`excluded.${name}`),
  ];
  const isNewer = sql`${added('last_at')} >= ${own('last_at')}`;
  await query
    .insertInto(TABLE)
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(KEY).doUpdateSet({
        count: sql`${own('count')} + ${added('count')}`,
        detail: sql`case when ${isNewer} then coalesce(${added('detail')}, ${own('detail')}) else ${own('detail')} end`,
        first_at: sql`case when ${added('first_at')} < ${own('first_at')} then ${added('first_at')} else ${own('first_at')} end`,
        last_at: sql`case when ${isNewer} then ${added('last_at')} else ${own('last_at')} end`,
      }),
    )
    .execute();
}

const keyOf = (row: Pick<OtlpCount, 'sender' | 'signal' | 'outcome' | 'kind'> & { project_id: string }) =>
  JSON.stringify([row.project_id, row.sender, row.signal, row.outcome, row.kind]);
