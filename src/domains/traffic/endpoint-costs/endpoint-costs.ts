import { checkBetween } from '../../../core/check-between.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { readFilter } from '../../../filter/read-filter.ts';
import { costsAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { filterInput } from '../../../graphql/lists/filter.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { type EndpointCost, readEndpointCosts } from './read-endpoint-costs.ts';

const DEFAULT_FIRST = 20;
const MAX_FIRST = 100;

/** Adds `endpointCosts`. */
export function addEndpointCosts(types: TypeRegistry): void {
  const type = endpointCostType(types);
  types.builder.queryField('endpointCosts', (t) =>
    t.field({
      authScopes: { read: true },
      type: [type],
      description:
        'The model calls that requests made, and what they cost, per endpoint, most expensive ' +
        'first. A call belongs to the request that has the same `requestId`. Endpoints whose ' +
        'requests made no calls are omitted. Reads the rows of the requests and of their calls, so ' +
        'long ranges take time.',
      args: {
        range: t.arg({
          type: timeRangeInput(types),
          required: true,
          description: 'When the requests were made.',
        }),
        filter: t.arg({
          type: filterInput(types, requestLogs),
          description: 'Only requests that match this filter. Default: all.',
        }),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description: `Maximum number of endpoints, 1 to ${MAX_FIRST}. The rest is omitted.`,
        }),
      },
      // No rollup has both: only rows say which calls a request made.
      extensions: costsAnalyses({
        datasets: [requestLogs, llmCalls],
        dimensions: ['taskId', 'environment'],
        groups: DEFAULT_FIRST,
      }),
      resolve: (_root, { range, filter, first }, context) =>
        readEndpointCosts(context, {
          range: readTimeRange(range, context.services.clock.now()),
          filter: readFilter(requestLogs, filter),
          first: checkBetween(first ?? DEFAULT_FIRST, MAX_FIRST, 'first'),
        }),
    }),
  );
}

function endpointCostType({ builder }: TypeRegistry) {
  return builder.objectRef<EndpointCost>('EndpointCost').implement({
    description: 'The model calls that the requests to one endpoint made, and what they cost.',
    fields: (t) => ({
      endpoint: t.exposeString('endpoint', { description: columnOf(requestLogs, 'endpoint').description }),
      method: t.exposeString('method', { description: columnOf(requestLogs, 'method').description }),
      requests: t.expose('requests', {
        type: 'SafeInt',
        description: 'Number of requests, including those without calls.',
      }),
      llmCalls: t.expose('llmCalls', {
        type: 'SafeInt',
        description: 'Number of calls that the requests made.',
      }),
      unpricedLlmCalls: t.expose('unpricedLlmCalls', {
        type: 'SafeInt',
        description: 'Calls whose cost is unknown: `cost` excludes them.',
      }),
      cost: t.exposeFloat('cost', {
        nullable: true,
        description: 'Cost of the calls in USD; null if none is known.',
      }),
      llmCallsPerRequest: t.float({
        nullable: true,
        description: 'Mean number of calls per request.',
        resolve: ({ llmCalls: calls, requests }) => share(calls, requests),
      }),
      costPerRequest: t.float({
        nullable: true,
        description: 'Mean cost per request in USD, over all requests; null if no cost is known.',
        resolve: ({ cost, requests }) => (cost === null ? null : share(cost, requests)),
      }),
    }),
  });
}

/** Null if the requests were removed after their calls were read. */
const share = (part: number, requests: number): number | null => (requests === 0 ? null : part / requests);
