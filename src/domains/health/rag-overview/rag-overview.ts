import type { GraphQLResolveInfo } from 'graphql';
import type { Interval } from '../../../core/time/range.ts';
import { ragMetrics } from '../../../declarations/health/rag-metrics.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import { entityType } from '../../../graphql/entities/entity.ts';
import { type Select, selectEvents } from '../../../graphql/entities/selected.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { checkPageSize } from '../../../lists/page.ts';
import { meanOf, type PatternCount, recentQueriesOf, sumOf, topPatternsOf } from './merge-states.ts';
import { type RagState, readRagStates } from './read-states.ts';

const DEFAULT_FIRST = 10;

interface RagOverview {
  readonly range: Interval;
  readonly first: number;
  readonly states: readonly RagState[];
}

/** Adds `ragOverview`. */
export function addRagOverview(types: TypeRegistry): void {
  const type = overviewType(types);
  types.builder.queryField('ragOverview', (t) =>
    t.field({
      authScopes: { read: true },
      type,
      description:
        'The state of the stores for retrieval-augmented generation: the newest row of each ' +
        'service in the range, combined. `ragMetricAnalytics` shows the development over time.',
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description: 'Maximum number of top patterns and of recent queries, 1 to 500.',
        }),
      },
      extensions: costs(({ args }) => ({ rows: 2 * (checkPageSize(args.first, 'first') ?? DEFAULT_FIRST) })),
      resolve: async (_root, args, context, info): Promise<RagOverview> => {
        const { services, projectId } = context;
        const asked = readTimeRange(args.range, services.clock.now());
        const { source } = await services.analytics.keptRows({
          dataset: ragMetrics,
          projectId,
          range: asked,
        });
        const { range } = source;
        const first = checkPageSize(args.first, 'first') ?? DEFAULT_FIRST;
        return { range, first, states: await readRagStates(context, range, wantedColumns(info)) };
      },
    }),
  );
}

/** The columns that each field of the overview reads. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  totalPatterns: ['totalPatterns'],
  totalQueries: ['totalQueries'],
  averageResponseTimeMs: ['averageResponseTimeMs', 'totalQueries'],
  hitRate: ['hitRate', 'totalQueries'],
  queryVolumeLastHour: ['queryVolumeLastHour'],
  topPatterns: ['topPatterns'],
  recentQueries: ['recentQueries'],
};

function wantedColumns(info: GraphQLResolveInfo): Select {
  const select = selectEvents(info, ragMetrics, [['newest']]);
  for (const field of selectionOf(info).keys()) {
    for (const column of COLUMNS[field] ?? []) select[column] = true;
  }
  return select;
}

function overviewType(types: TypeRegistry): ObjectType<RagOverview> {
  const patternCount = patternCountType(types);
  return types.builder.objectRef<RagOverview>('RagOverview').implement({
    description: 'The newest rows of the services in a time range, combined; 0 and null if there are none.',
    fields: (t) => ({
      range: t.field({
        type: timeRange(types),
        description:
          'The range that was read: the requested range, without the part whose rows have expired.',
        resolve: ({ range }) => range,
      }),
      newest: t.field({
        type: entityType(types, ragMetrics),
        nullable: true,
        description: 'The newest row among all services; null if the range has none.',
        resolve: ({ states }) => states[0] ?? null,
      }),
      totalPatterns: t.field({
        type: 'SafeInt',
        description: 'Total number of patterns that the services store.',
        resolve: ({ states }) => sumOf(states, 'totalPatterns'),
      }),
      totalQueries: t.field({
        type: 'SafeInt',
        description: 'Total number of queries that the services have answered since their start.',
        resolve: ({ states }) => sumOf(states, 'totalQueries'),
      }),
      averageResponseTimeMs: t.float({
        nullable: true,
        description:
          'Mean time to answer a query, in milliseconds: the mean over the services, weighted by their total queries.',
        resolve: ({ states }) => meanOf(states, 'averageResponseTimeMs'),
      }),
      hitRate: t.float({
        nullable: true,
        description:
          'Share of the queries that found something, 0 to 1: the mean over the services, weighted by their total queries.',
        resolve: ({ states }) => meanOf(states, 'hitRate'),
      }),
      queryVolumeLastHour: t.field({
        type: 'SafeInt',
        description: 'Total number of queries in the hour before each row.',
        resolve: ({ states }) => sumOf(states, 'queryVolumeLastHour'),
      }),
      topPatterns: t.field({
        type: [patternCount],
        description:
          'The most frequent patterns, with the counts of all services added up. Read from lists ' +
          'of `{ pattern | name | query, count | hits | frequency }`, or of names, each of which ' +
          'counts 1; anything else is ignored.',
        resolve: ({ states, first }) => topPatternsOf(states, first),
      }),
      recentQueries: t.field({
        type: ['JSON'],
        description:
          'The most recent queries as they were sent, starting with the service that reported last.',
        resolve: ({ states, first }) => recentQueriesOf(states, first),
      }),
    }),
  });
}

function patternCountType({ builder }: TypeRegistry) {
  return builder.objectRef<PatternCount>('PatternCount').implement({
    description: 'The number of times that a pattern was found.',
    fields: (t) => ({
      pattern: t.exposeString('pattern', { description: 'The pattern.' }),
      count: t.exposeFloat('count', { description: 'The count, in the unit that the services use.' }),
    }),
  });
}
