import type { Series } from '../../../analytics/spec.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { costOfAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { meanOf, quantileOf } from '../../../graphql/analytics/stats-values.ts';
import { timeGrain } from '../../../graphql/analytics/time-grain.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import { readsRowsOf } from '../../../graphql/read-scopes.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

type Point = Series['points'][number];

const LAST_HOUR = { last: 'PT1H' };
const MEASURES = [{ measure: 'latencyMs', quantiles: [0.95] }];

/** Adds `latencySeries`. */
export function addLatencySeries(types: TypeRegistry): void {
  const type = latencyPointType(types);
  types.builder.queryField('latencySeries', (t) =>
    t.field({
      authScopes: readsRowsOf(requestLogs),
      type: [type],
      description:
        'The latency of requests over time, oldest first. Default: the mean per minute over ' +
        'the last hour. `requestLogAnalytics { commits }` returns the commits in a range, as ' +
        'markers beside the points.',
      args: {
        range: t.arg({
          type: timeRangeInput(types),
          description: 'The time range. Default: the last hour.',
        }),
        grain: t.arg({
          type: timeGrain(types),
          defaultValue: 'MINUTE',
          description: 'The width of the buckets.',
        }),
        archive: t.arg.boolean(ARCHIVE),
      },
      extensions: costs(({ args, now, caller }) => {
        const range = readTimeRange(args.range ?? LAST_HOUR, now);
        return {
          rows: costOfAnalyses({ datasets: [requestLogs], grain: 'MINUTE', caller }, args, range),
          whole: true,
        };
      }),
      resolve: async (_root, args, context): Promise<readonly Point[]> => {
        const { projectId, services } = reachingArchive(context, args);
        const range = readTimeRange(args.range ?? LAST_HOUR, services.clock.now());
        const options = {
          grain: args.grain ?? 'MINUTE',
          timeZone: 'UTC',
          dimensions: [],
          top: 1,
          fill: 'ZERO',
        } as const;
        const scope = { dataset: requestLogs, projectId, range, filter: null };
        const { value } = await services.analytics.series(scope, MEASURES, options);
        return value[0]?.points ?? [];
      },
    }),
  );
}

function latencyPointType({ builder }: TypeRegistry) {
  return builder.objectRef<Point>('LatencyPoint').implement({
    description: 'The latency of the requests in one time bucket.',
    fields: (t) => ({
      start: t.expose('start', { type: 'DateTime', description: 'Start of the bucket.' }),
      end: t.expose('end', { type: 'DateTime', description: 'End of the bucket, exclusive.' }),
      requests: t.field({
        type: 'SafeInt',
        description: 'Number of requests.',
        resolve: ({ stats }) => stats.rowCount,
      }),
      averageLatencyMs: t.float({
        nullable: true,
        description: 'Mean time to answer, in milliseconds; null if there were no requests.',
        resolve: ({ stats }) => meanOf(stats, 'latencyMs'),
      }),
      p95LatencyMs: t.float({
        nullable: true,
        description:
          'The 95th percentile of the requests, in milliseconds, interpolated; null if there were none.',
        resolve: ({ stats }) => quantileOf(stats, 'latencyMs', 0.95),
      }),
    }),
  });
}
