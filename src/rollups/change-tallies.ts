import { sql } from 'kysely';
import type { Dataset } from '../core/dataset/dataset.ts';
import { type ChangedEvent, tallyDifferences } from '../core/dataset/tally-change.ts';
import type { QueryBuilder } from '../storage/store.ts';

/**
 * Changes the states that add up events (`Tally`) by what changed events add more or less. Call it in the
 * transaction of `store.exclusively` that changes the events, so that nothing is appended meanwhile.
 */
export async function changeTallies(
  transaction: QueryBuilder,
  dataset: Dataset,
  events: readonly ChangedEvent[],
): Promise<void> {
  const { tally } = dataset;
  if (tally === null) return;
  for (const { projectId, id, sums } of tallyDifferences(dataset, events)) {
    const changes = Object.entries(sums).map(([name, sum]) => [
      name,
      sql`coalesce(${sql.ref(name)}, 0) + ${sum}`,
    ]);
    await transaction
      .updateTable(tally.tallied.table)
      .set(Object.fromEntries(changes))
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .execute();
  }
}
