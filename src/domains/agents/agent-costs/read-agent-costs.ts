import { sql } from 'kysely';
import type { Stats } from '../../../analytics/spec.ts';
import { both, isOneOf, isPresent, isWithin } from '../../../core/build-filter.ts';
import { textOf } from '../../../core/dataset/named-values.ts';
import type { AskedRange, Interval } from '../../../core/time/range.ts';
import { taskEvents } from '../../../declarations/agents/task-events.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { knownSumOf, unknownCount } from '../../../graphql/analytics/stats-values.ts';
import type { Context } from '../../../graphql/context.ts';
import { selectScope } from '../../../lists/list-page.ts';
import { assigneeBefore } from '../assignee-before.ts';

/** What an agent's model calls cost, and which tasks it completed. */
export interface AgentCost {
  readonly agentId: string;
  readonly llmCalls: number;
  /** Calls whose cost is unknown. */
  readonly unpricedLlmCalls: number;
  /** USD; null if there are calls but none has a known cost. */
  readonly cost: number | null;
  readonly completedTasks: number;
}

/** Real projects have fewer agents. Limits the answer if a client invents some. */
const MAX_AGENTS = 1_000;
const COST = [{ measure: 'cost', quantiles: [], totals: ['sum'] }] as const;
const DEAREST = {
  dimensions: ['agentId'],
  orderBy: { by: { measure: 'cost', aggregate: 'sum' }, direction: 'desc' },
  first: MAX_AGENTS,
} as const;

/**
 * The agents that made calls or completed tasks in the range, the most expensive first. A completed
 * task counts for its assignee, no matter who closed it. Only the rows of task events name the
 * assignee, so the range is cut to where these rows and those of the calls are kept.
 */
export async function readAgentCosts(
  { projectId, services: { analytics, store } }: Context,
  asked: AskedRange,
): Promise<AgentCost[]> {
  const kept = await analytics.keptRows({ dataset: taskEvents, projectId, range: asked });
  const { range } = kept.source;
  if (range.from === range.to) return [];
  const scope = { dataset: llmCalls, projectId, range: { ...asked, ...range }, filter: isPresent('agentId') };
  const calls = await analytics.groups(scope, COST, DEAREST);
  const completed = await completionsQuery(store, projectId, calls.source.range).execute();
  const tasks = new Map(completed.map((row) => [String(row['agentId']), Number(row['tasks'])]));
  const stats = new Map(calls.value.map((group) => [textOf(group.dimensions, 'agentId'), group.stats]));
  return [...new Set([...stats.keys(), ...tasks.keys()])].map((agentId) =>
    toAgentCost(agentId, stats.get(agentId), tasks.get(agentId) ?? 0),
  );
}

/** The tasks completed in the range, by assignee, the most first. */
export function completionsQuery(
  store: Pick<Context['services']['store'], 'query' | 'functions'>,
  projectId: string,
  range: Interval,
) {
  const { query, functions } = store;
  const filter = both(isOneOf('eventType', ['COMPLETED']), isWithin('timestamp', range));
  const completions = selectScope(store, { table: taskEvents, projectId, filter }).selectAll();
  // If no earlier event names an assignee, the event itself may.
  const assignee = sql`coalesce(nullif(${assigneeBefore(functions)}, ''), nullif(event.assigned_to, ''))`;
  const assigned = query
    .selectFrom(completions.as('event'))
    .select([sql.ref('event.task_id').as('task_id'), assignee.as('agentId')]);
  return query
    .selectFrom(assigned.as('assigned'))
    .where('agentId', 'is not', null)
    .groupBy('agentId')
    .select(['agentId', sql<unknown>`count(distinct task_id)`.as('tasks')])
    .orderBy(sql`count(distinct task_id)`, 'desc')
    .orderBy(functions.codePointOrder(sql.ref('agentId')))
    .limit(MAX_AGENTS);
}

function toAgentCost(agentId: string, stats: Stats | undefined, completedTasks: number): AgentCost {
  if (stats === undefined) return { agentId, llmCalls: 0, unpricedLlmCalls: 0, cost: 0, completedTasks };
  return {
    agentId,
    llmCalls: stats.rowCount,
    unpricedLlmCalls: unknownCount(stats, 'cost'),
    cost: knownSumOf(stats, 'cost'),
    completedTasks,
  };
}
