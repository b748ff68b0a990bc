import { defined } from '../../../core/defined.ts';
import { entriesOf } from '../../../core/named.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { errorLogs } from '../../../declarations/traffic/error-logs.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { costsAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { analyticsSource } from '../../../graphql/analytics/source.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { readSummary, type Summary, type SummaryNumbers } from './read-summary.ts';

/** Adds `summary`. */
export function addSummaryQuery(types: TypeRegistry): void {
  types.builder.queryField('summary', (t) =>
    t.field({
      authScopes: { read: true },
      type: summaryType(types),
      description:
        'The key figures for the top of a dashboard in one call. Only selected fields are computed.',
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
        archive: t.arg.boolean(ARCHIVE),
      },
      extensions: costsAnalyses({ datasets: [requestLogs, llmCalls, errorLogs], measures: 3 }),
      resolve: (_root, { range, archive }, context, info) =>
        readSummary(
          reachingArchive(context, { archive }),
          readTimeRange(range, context.services.clock.now()),
          new Set(selectionOf(info).keys()),
        ),
    }),
  );
}

const COUNTS = {
  llmCalls: 'Calls to language models.',
  unpricedLlmCalls: 'Calls whose cost is unknown: `totalCost` excludes them.',
  tokens: 'Tokens of the LLM calls, prompts and answers.',
  requests: 'Requests that services answered.',
  errors: 'Number of errors that services reported.',
  generations: 'Diagram generations.',
  unpricedGenerations: 'Diagram generations whose cost is unknown: `totalCost` excludes them.',
  activeAgents: 'Agents whose status is ACTIVE now, whatever the range.',
  openAlerts: 'Alerts that are not resolved now, whatever the range.',
} as const satisfies Partial<Record<keyof SummaryNumbers, string>>;

/** Null if there is nothing to divide or to add up. */
const FIGURES = {
  successRate: 'Share of the LLM calls that succeeded, 0 to 1; null if there were none.',
  totalCost:
    'Cost of the LLM calls and the diagram generations in USD; null if there were some but no cost ' +
    'is known. If you also record the model calls of a generation, send the generation without a ' +
    'cost; otherwise both count.',
  averageLatencyMs: 'Mean latency of an LLM call, in milliseconds; null if there were none.',
  p95LatencyMs:
    'The 95th percentile of the LLM call latency in milliseconds, interpolated; null if there were none.',
  cacheHitRate: 'Share of the LLM calls that a cache answered, 0 to 1; null if there were none.',
  generationSuccessRate: 'Share of the diagram generations that succeeded, 0 to 1; null if there were none.',
} as const satisfies Partial<Record<keyof SummaryNumbers, string>>;

export function summaryType(types: TypeRegistry): ObjectType<Summary> {
  return types.once('Summary', (builder) => {
    const type = builder.objectRef<Summary>('Summary').implement({
      description: 'Key figures of a time range.',
      fields: (t) => ({
        range: t.field({
          type: timeRange(types),
          description:
            'The range that the numbers cover: the requested range, unless part of it has ' +
            'expired. If the numbers cover different ranges, this range spans all of them; ' +
            '`source` says what is missing.',
          resolve: ({ range }) => range,
        }),
        source: t.field({
          type: analyticsSource(types),
          nullable: true,
          description: 'The source of the numbers over the range; null if none is selected.',
          resolve: ({ source }) => source,
        }),
      }),
    });
    addFigures(types, type);
    return type;
  });
}

/** Adds the numbers. A selected number is always present. */
function addFigures({ builder }: TypeRegistry, type: ObjectType<Summary>): void {
  for (const [name, description] of entriesOf(COUNTS)) {
    builder.objectField(type, name, (t) =>
      t.field({ type: 'SafeInt', description, resolve: (summary) => defined(summary[name]) }),
    );
  }
  for (const [name, description] of entriesOf(FIGURES)) {
    builder.objectField(type, name, (t) =>
      t.float({ nullable: true, description, resolve: (summary) => summary[name] }),
    );
  }
}
