import type { Filter } from '../../../core/filter.ts';
import { textValue } from '../../../core/filter-value.ts';
import { agentMetrics } from '../../../declarations/agents/agent-metrics.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { entityType } from '../../../graphql/entities/entity.ts';
import { costsConnection } from '../../../graphql/limits/field-cost.ts';
import { connectionType } from '../../../graphql/lists/connection.ts';
import { listArguments, resolveConnection } from '../../../graphql/lists/list.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Adds `agentMetricsHistory`. */
export function addAgentMetricsHistory(types: TypeRegistry): void {
  types.builder.queryField('agentMetricsHistory', (t) =>
    t.connection(
      {
        authScopes: { read: true },
        type: entityType(types, agentMetrics),
        extensions: costsConnection,
        description:
          'The metrics that one agent reported in a time range. Newest first, unless `orderBy` ' +
          'says otherwise. Rows are kept for 30 days unless the retention policy says otherwise; ' +
          '`agentMetricsDaily` reaches further back.',
        args: {
          agentId: t.arg.string({ required: true, description: 'The agent.' }),
          range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
          ...listArguments(types, agentMetrics, t.arg),
        },
        resolve: async (_root, { agentId, range: input, ...args }, context, info) => {
          const { services, projectId } = context;
          const range = readTimeRange(input, services.clock.now());
          // Late rows are shown even where other rows have expired. This call reports the expiry.
          await services.analytics.keptRows({ dataset: agentMetrics, projectId, range });
          const { from, to } = range;
          const test = { kind: 'test', negated: false } as const;
          const within: Filter = {
            kind: 'and',
            all: [
              {
                ...test,
                field: 'agentId',
                operator: 'eq',
                value: textValue(agentId, 'agentId'),
              },
              { ...test, field: 'timestamp', operator: 'gte', value: from },
              { ...test, field: 'timestamp', operator: 'lt', value: to },
            ],
          };
          return resolveConnection({ table: agentMetrics, args, within }, context, info);
        },
      },
      connectionType(types, agentMetrics),
    ),
  );
}
