import { checkBetween } from '../../../core/check-between.ts';
import { taskEvents } from '../../../declarations/agents/task-events.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { costOfAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { type AgentCost, readAgentCosts } from './read-agent-costs.ts';

const DEFAULT_FIRST = 20;
const MAX_FIRST = 1_000;

/** Adds `agentCosts`. */
export function addAgentCosts(types: TypeRegistry): void {
  const type = agentCostType(types);
  types.builder.queryField('agentCosts', (t) =>
    t.field({
      authScopes: { read: true },
      type: [type],
      description:
        'The cost of each agent’s model calls (`agentId`), and how many of the tasks assigned to ' +
        'it were completed. The most expensive agents come first, then those without calls, most ' +
        'tasks first. A task that was reopened and completed again counts once. For the cost per ' +
        'commit of an agent, or other ratios, query `ratio`, where an event belongs to the agent ' +
        'that it names. Assignees are read from stored rows only, so `archive` affects only the ' +
        'calls.',
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
        archive: t.arg.boolean(ARCHIVE),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description: 'Maximum number of agents, 1 to 1,000. The rest is omitted.',
        }),
      },
      extensions: costs(({ args, now }) => {
        const range = readTimeRange(args.range, now);
        const first = checkBetween(args.first ?? DEFAULT_FIRST, MAX_FIRST, 'first');
        const asked = { first, archive: args.archive };
        const calls = costOfAnalyses({ datasets: [llmCalls], dimensions: ['agentId'] }, asked, range);
        // Only rows say whom a task was assigned to.
        const changes = costOfAnalyses({ datasets: [taskEvents], dimensions: ['taskId'] }, {}, range);
        return { rows: calls + changes, whole: true };
      }),
      resolve: async (_root, args, context) => {
        const first = checkBetween(args.first ?? DEFAULT_FIRST, MAX_FIRST, 'first');
        const range = readTimeRange(args.range, context.services.clock.now());
        const agents = await readAgentCosts(reachingArchive(context, args), range);
        return agents.slice(0, first);
      },
    }),
  );
}

function agentCostType({ builder }: TypeRegistry) {
  return builder.objectRef<AgentCost>('AgentCost').implement({
    description: 'What one agent cost, and what it completed.',
    fields: (t) => ({
      agentId: t.exposeString('agentId', {
        description: 'The agent that made the calls, or the assignee of the tasks, for example "builder".',
      }),
      llmCalls: t.expose('llmCalls', {
        type: 'SafeInt',
        description: 'Number of model calls that the agent made.',
      }),
      unpricedLlmCalls: t.expose('unpricedLlmCalls', {
        type: 'SafeInt',
        description: 'Calls whose cost is unknown: `cost` excludes them.',
      }),
      cost: t.exposeFloat('cost', {
        nullable: true,
        description: 'Cost of its calls in USD; null if there are calls but no cost is known.',
      }),
      completedTasks: t.expose('completedTasks', {
        type: 'SafeInt',
        description:
          'Tasks that were completed in the range while they were assigned to the agent, whoever ' +
          'closed them.',
      }),
      costPerCompletedTask: t.float({
        nullable: true,
        description:
          '`cost` divided by `completedTasks`, in USD; null if there are no completed tasks, or ' +
          '`cost` is null.',
        resolve: ({ cost, completedTasks }) =>
          cost === null || completedTasks === 0 ? null : cost / completedTasks,
      }),
    }),
  });
}
