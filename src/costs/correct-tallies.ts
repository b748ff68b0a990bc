import { sql } from 'kysely';
import { mostOf } from '../core/dataset/tallied.ts';
import { addedBy, type TallyPlan } from '../core/dataset/tally.ts';
import { defined } from '../core/defined.ts';
import { derivedId } from '../core/ids.ts';
import { llmCalls } from '../declarations/llm/llm-calls.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import { boundedSum, withinBounds } from './bounded-sum.ts';
import type { ChangedCall } from './changed-costs.ts';

/**
 * Adds the differences of corrected numbers to the states that add up calls (`Tally`), in a
 * transaction of `exclusively`. If the last known value of a sum becomes unknown, the sum is 0,
 * because it does not say how many values it contains.
 */
export async function correctTallies(
  { functions }: Pick<Store, 'functions'>,
  transaction: QueryBuilder,
  { projectId, changed }: { readonly projectId: string; readonly changed: readonly ChangedCall[] },
): Promise<void> {
  const { tally } = llmCalls;
  if (tally === null) return;
  const columns = [...new Set(tally.totals.map(({ to }) => to))].map((to) =>
    defined(tally.tallied.columns[to]),
  );
  const types = Object.fromEntries(columns.map(({ sqlName }) => [sqlName, 'integer' as const]));
  const rows = [...differencesOf(tally, projectId, changed)].map(([id, differences]) => ({
    id,
    ...Object.fromEntries(columns.map(({ sqlName, index }) => [sqlName, differences.get(index) ?? null])),
  }));
  if (rows.length === 0) return;
  const given = functions.parameterTable({ id: 'uuid', ...types }, rows);
  const table = sql.table(tally.tallied.table);
  const names = sql.join(columns.map(({ sqlName }) => sql.ref(sqlName)));
  const values = columns.map((column) => {
    const { sqlName } = column;
    const [own, more] = [sql.ref(`${tally.tallied.table}.${sqlName}`), sql.ref(`changed.${sqlName}`)];
    return sql`case when ${more} is null then ${own} else ${boundedSum(own, more, mostOf(column))} end`;
  });
  // In the same way as `writeCalls`.
  await sql`with changed as materialized (select * from ${given} as given)
    update ${table} set (${names}) = (select ${sql.join(values)} from changed where changed.id = ${table}.id)
    where project_id = ${projectId} and id in (select id from changed)`.execute(transaction);
}

/** The differences by the id of a state and the position of a column. */
function differencesOf(
  { tallied, keyAt, totals }: TallyPlan,
  projectId: string,
  changed: readonly ChangedCall[],
): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const byState = new Map<string, Map<number, number>>();
  for (const { before, after } of changed) {
    const name = after[keyAt];
    if (typeof name !== 'string') continue;
    const key = derivedId(projectId, tallied.name, name);
    const differences = byState.get(key) ?? new Map<number, number>();
    for (const total of totals) {
      const [less, more] = [addedBy(before, total), addedBy(after, total)];
      if (less === more) continue;
      const difference = (differences.get(total.to) ?? 0) + (more ?? 0) - (less ?? 0);
      differences.set(total.to, withinBounds(difference));
    }
    if (differences.size > 0) byState.set(key, differences);
  }
  return byState;
}
