import { agentMetrics } from '../../../declarations/agents/agent-metrics.ts';
import { costsAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { meanOf } from '../../../graphql/analytics/stats-values.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { type AgentMetricsDay, MAX_AGENTS, readDaily } from './read-daily.ts';

/** Adds `agentMetricsDaily`. */
export function addAgentMetricsDaily(types: TypeRegistry): void {
  const type = agentMetricsDayType(types);
  types.builder.queryField('agentMetricsDaily', (t) =>
    t.field({
      authScopes: { read: true },
      type: [type],
      description:
        'Averages per agent and calendar day, from daily rollups that outlive the metrics ' +
        'themselves. Every day that the range touches counts as a whole. Days without samples ' +
        'are omitted. Sorted by day, oldest first, then by agent.',
      args: {
        agentId: t.arg.string({ description: 'Only this agent. Default: all.' }),
        range: t.arg({
          type: timeRangeInput(types),
          required: true,
          description: 'The range of days, at most 1,000.',
        }),
        archive: t.arg.boolean(ARCHIVE),
        timeZone: t.arg({
          type: 'TimeZone',
          defaultValue: 'UTC',
          description:
            'The time zone of the calendar days. UTC days are kept longest: for a year, unless the ' +
            'retention policy says otherwise.',
        }),
        first: t.arg.int({
          defaultValue: MAX_AGENTS,
          description:
            `Maximum number of agents, 1 to ${MAX_AGENTS}: those with the most samples. The ` +
            'rest is omitted.',
        }),
      },
      extensions: costsAnalyses({
        datasets: [agentMetrics],
        dimensions: ['agentId'],
        measures: 3,
        groups: MAX_AGENTS,
        grain: 'DAY',
      }),
      resolve: (_root, { agentId, range, archive, timeZone, first }, context) =>
        readDaily(reachingArchive(context, { archive }), {
          agentId: agentId ?? null,
          range: readTimeRange(range, context.services.clock.now()),
          timeZone: timeZone ?? 'UTC',
          first: first ?? MAX_AGENTS,
        }),
    }),
  );
}

function agentMetricsDayType({ builder }: TypeRegistry) {
  return builder.objectRef<AgentMetricsDay>('AgentMetricsDay').implement({
    description: 'Averages of the metrics of one agent on one day.',
    fields: (t) => ({
      agentId: t.exposeString('agentId', { description: 'The agent.' }),
      start: t.expose('start', { type: 'DateTime', description: 'Start of the day.' }),
      end: t.expose('end', { type: 'DateTime', description: 'End of the day, exclusive.' }),
      samples: t.field({
        type: 'SafeInt',
        description: 'Number of metrics that the agent sent.',
        resolve: ({ stats }) => stats.rowCount,
      }),
      averageCpuUsage: t.float({
        nullable: true,
        description: 'Mean processor time in percent of one core; null if no sample has it.',
        resolve: ({ stats }) => meanOf(stats, 'cpuUsage'),
      }),
      averageMemoryPercent: t.float({
        nullable: true,
        description: 'Mean memory in percent of the machine; null if no sample has it.',
        resolve: ({ stats }) => meanOf(stats, 'memoryPercent'),
      }),
      averageMemoryUsage: t.float({
        nullable: true,
        description: 'Mean memory in bytes; null if no sample has it.',
        resolve: ({ stats }) => meanOf(stats, 'memoryUsage'),
      }),
    }),
  });
}
