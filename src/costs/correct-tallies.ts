import { sql } from 'kysely';
import { type Row, textAt } from '../core/dataset/row.ts';
import type { TallyPlan } from '../core/dataset/tally.ts';
import { defined } from '../core/defined.ts';
import { derivedId } from '../core/ids.ts';
import { llmCalls } from '../declarations/llm/llm-calls.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import type { ChangedCall } from './changed-costs.ts';

/**
 * Adds to the states that add up calls (`Tally`) by how much their corrected numbers differ, in a
 * transaction of `exclusively`. A sum whose last known value becomes unknown is 0 then, for a sum does not
 * say of how many values it is.
 */
export async function correctTallies(
  { functions }: Pick<Store, 'functions'>,
  transaction: QueryBuilder,
  changed: readonly ChangedCall[],
): Promise<void> {
  const { tally } = llmCalls;
  if (tally === null) return;
  const columns = [...new Set(tally.totals.map(({ to }) => to))].map((to) =>
    defined(tally.tallied.columns[to]),
  );
  const types = Object.fromEntries(columns.map(({ sqlName }) => [sqlName, 'integer' as const]));
  const rows = [...differencesOf(tally, changed)].map(([key, differences]) => ({
    ...(JSON.parse(key) as { readonly project_id: string; readonly id: string }),
    ...Object.fromEntries(columns.map(({ sqlName, index }) => [sqlName, differences.get(index) ?? null])),
  }));
  if (rows.length === 0) return;
  const given = functions.parameterTable({ project_id: 'text', id: 'uuid', ...types }, rows);
  const table = sql.table(tally.tallied.table);
  const values = columns.map(({ sqlName }) => {
    const [own, more] = [sql.ref(`${tally.tallied.table}.${sqlName}`), sql.ref(`changed.${sqlName}`)];
    return sql`${sql.ref(sqlName)} = case when ${more} is null then ${own} else coalesce(${own}, 0) + ${more} end`;
  });
  await sql`update ${table} set ${sql.join(values)} from ${given} as changed
    where ${table}.project_id = changed.project_id and ${table}.id = changed.id`.execute(transaction);
}

/** By the key of a state: by the position of a column, by how much it differs. */
function differencesOf(
  { tallied, projectAt, keyAt, totals }: TallyPlan,
  changed: readonly ChangedCall[],
): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const byState = new Map<string, Map<number, number>>();
  for (const { before, after } of changed) {
    const name = after[keyAt];
    if (typeof name !== 'string') continue;
    const projectId = textAt(after, projectAt);
    const key = JSON.stringify({ project_id: projectId, id: derivedId(projectId, tallied.name, name) });
    const differences = byState.get(key) ?? new Map<number, number>();
    for (const total of totals) {
      const [less, more] = [addedBy(before, total), addedBy(after, total)];
      if (less === more) continue;
      differences.set(total.to, (differences.get(total.to) ?? 0) + (more ?? 0) - (less ?? 0));
    }
    if (differences.size > 0) byState.set(key, differences);
  }
  return byState;
}

/** What an event adds to a total; null: nothing. */
function addedBy(event: Row, { sumAt, where }: TallyPlan['totals'][number]): number | null {
  if (where !== null && (event[where.at] ?? null) !== where.is) return null;
  if (sumAt === null) return 1;
  const value = event[sumAt] ?? null;
  return value === null ? null : Number(value);
}
