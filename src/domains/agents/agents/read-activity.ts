import type { Dataset } from '../../../core/dataset/dataset.ts';
import { agentActivities } from '../../../declarations/agents/agent-activities.ts';
import { gitCommits } from '../../../declarations/agents/git-commits.ts';
import { taskEvents } from '../../../declarations/agents/task-events.ts';
import type { Context } from '../../../graphql/context.ts';
import { type EventKey, findNewestPerKey, newestFirst } from '../../../lists/newest-per-key.ts';

/** The dataset of an entry in the activity of an agent. */
export type ActivityKind = 'ACTIVITY' | 'TASK' | 'COMMIT';

/** The key of an event of an agent. Its contents are loaded only if they are selected. */
export interface ActivityEntry extends EventKey {
  readonly kind: ActivityKind;
}

/**
 * The datasets of an agent's activity, with the column that names the agent. Each column is indexed
 * with the timestamp.
 */
const SOURCES: readonly (readonly [ActivityKind, Dataset, string])[] = [
  ['ACTIVITY', agentActivities, 'agentId'],
  ['TASK', taskEvents, 'changedBy'],
  ['TASK', taskEvents, 'assignedTo'],
  ['COMMIT', gitCommits, 'agentId'],
];

/** Where the events of each kind are stored. */
export const ACTIVITY_DATASETS: Readonly<Record<ActivityKind, Dataset>> = {
  ACTIVITY: agentActivities,
  TASK: taskEvents,
  COMMIT: gitCommits,
};

/**
 * The last events of each agent, newest first; agents without events are omitted. One statement per
 * source for all agents.
 */
export async function readActivity(
  { projectId, services }: Context,
  agentIds: readonly string[],
  first: number,
): Promise<ReadonlyMap<string, readonly ActivityEntry[]>> {
  const found = await Promise.all(
    SOURCES.map(async ([kind, table, column]) => {
      const wanted = { projectId, table, column, keys: agentIds, first };
      return { kind, events: await findNewestPerKey(services.store, wanted) };
    }),
  );
  return new Map(
    agentIds.map((agentId) => {
      const entries = new Map<string, ActivityEntry>();
      // An agent may assign a task to itself. Such an event is found twice.
      for (const { kind, events } of found)
        for (const key of events.get(agentId) ?? []) entries.set(key.id, { ...key, kind });
      return [agentId, [...entries.values()].sort(newestFirst).slice(0, first)];
    }),
  );
}
