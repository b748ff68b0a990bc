import { derivedId } from '../ids.ts';
import type { Dataset } from './dataset.ts';
import { type Row, textAt } from './row.ts';
import { type TallyPlan, tallyOf } from './tally.ts';

/** An event before and after a change of what is stored of it. Its state, time and texts stay. */
export interface ChangedEvent {
  readonly before: Row;
  readonly after: Row;
}

/** What changed events add to a number of a state. */
export interface TallyDifference {
  readonly projectId: string;
  readonly id: string;
  /** By the SQL names of its columns: negative where they now add less. Never empty. */
  readonly sums: Readonly<Record<string, number>>;
}

/** By how much the numbers of states change with their events, in the order of the ids. */
export function tallyDifferences(
  { tally }: Pick<Dataset, 'tally'>,
  events: readonly ChangedEvent[],
): readonly TallyDifference[] {
  if (tally === null) return [];
  const found = new Map<string, { readonly projectId: string; readonly sums: Record<string, number> }>();
  for (const { before, after } of events) addDifference(tally, { before, after }, found);
  return [...found]
    .map(([id, { projectId, sums }]) => ({ projectId, id, sums: withoutZeros(sums) }))
    .filter(({ sums }) => Object.keys(sums).length > 0)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

function addDifference(
  plan: TallyPlan,
  { before, after }: ChangedEvent,
  found: Map<string, { readonly projectId: string; readonly sums: Record<string, number> }>,
): void {
  const { name, columns, projectAt, keyAt, sums } = plan.tallied;
  const [old, changed] = [tallyOf(plan, before), tallyOf(plan, after)];
  if (old === null || changed === null) return;
  const projectId = textAt(changed, projectAt);
  const id = derivedId(projectId, name, textAt(changed, keyAt));
  const of = found.get(id) ?? { projectId, sums: {} };
  found.set(id, of);
  for (const at of sums) {
    const { sqlName } = columns[at] ?? {};
    if (sqlName === undefined) continue;
    of.sums[sqlName] = (of.sums[sqlName] ?? 0) + Number(changed[at] ?? 0) - Number(old[at] ?? 0);
  }
}

const withoutZeros = (sums: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
