import { analyticsSource } from '../../../graphql/analytics/source.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { readSummary, type Summary } from './read-summary.ts';

/** Adds `summary`. */
export function addSummaryQuery(types: TypeRegistry): void {
  types.builder.queryField('summary', (t) =>
    t.field({
      type: summaryType(types),
      description: "The numbers of a dashboard's head in one call. Only what is selected is computed.",
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'From when to when.' }),
      },
      resolve: (_root, { range }, context, info) =>
        readSummary(
          context,
          readTimeRange(range, context.services.clock.now()),
          new Set(selectionOf(info).keys()),
        ),
    }),
  );
}

/** A number that is there because it was selected. */
const selected = <Value>(value: Value | undefined): Value => value as Value;

export function summaryType(types: TypeRegistry): ObjectType<Summary> {
  return types.once('Summary', (builder) =>
    builder.objectRef<Summary>('Summary').implement({
      description: 'What happened in a range of time, in a few numbers.',
      fields: (t) => ({
        range: t.field({
          type: timeRange(types),
          description:
            'The range that the numbers are about: the one that was asked for, unless something of it has expired. Where the ' +
            'numbers are about different ranges, it spans all of them; `source` says what is missing.',
          resolve: ({ range }) => range,
        }),
        source: t.field({
          type: analyticsSource(types),
          nullable: true,
          description: 'Where the numbers over the range came from; null when none is selected.',
          resolve: ({ source }) => source,
        }),
        requests: t.field({
          type: 'SafeInt',
          description: 'Requests that services answered.',
          resolve: (summary) => selected(summary.requests),
        }),
        errors: t.field({
          type: 'SafeInt',
          description: 'Errors that services reported.',
          resolve: (summary) => selected(summary.errors),
        }),
        llmCalls: t.field({
          type: 'SafeInt',
          description: 'Calls to language models.',
          resolve: (summary) => selected(summary.llmCalls),
        }),
        unpricedLlmCalls: t.field({
          type: 'SafeInt',
          description: 'Calls whose cost is unknown: `totalCost` is without them.',
          resolve: (summary) => selected(summary.unpricedLlmCalls),
        }),
        successRate: t.float({
          nullable: true,
          description: 'Share of the LLM calls that succeeded, 0 to 1; null when there were none.',
          resolve: (summary) => selected(summary.successRate),
        }),
        tokens: t.field({
          type: 'SafeInt',
          description: 'Tokens of the LLM calls, prompts and answers.',
          resolve: (summary) => selected(summary.tokens),
        }),
        totalCost: t.float({
          nullable: true,
          description:
            'USD that the LLM calls and the diagram generations cost; null when there were some and no cost of any is known. ' +
            'When the model calls of a generation are recorded as well, send the generation without a cost, or both count.',
          resolve: (summary) => selected(summary.totalCost),
        }),
        averageLatencyMs: t.float({
          nullable: true,
          description: 'Mean time of an LLM call, in milliseconds; null when there were none.',
          resolve: (summary) => selected(summary.averageLatencyMs),
        }),
        p95LatencyMs: t.float({
          nullable: true,
          description:
            'The 95th percentile of the LLM calls, in milliseconds, interpolated; null when there were none.',
          resolve: (summary) => selected(summary.p95LatencyMs),
        }),
        cacheHitRate: t.float({
          nullable: true,
          description: 'Share of the LLM calls that a cache answered, 0 to 1; null when there were none.',
          resolve: (summary) => selected(summary.cacheHitRate),
        }),
        generations: t.field({
          type: 'SafeInt',
          description: 'Diagram generations.',
          resolve: (summary) => selected(summary.generations),
        }),
        unpricedGenerations: t.field({
          type: 'SafeInt',
          description: 'Diagram generations whose cost is unknown: `totalCost` is without them.',
          resolve: (summary) => selected(summary.unpricedGenerations),
        }),
        generationSuccessRate: t.float({
          nullable: true,
          description: 'Share of the diagram generations that succeeded, 0 to 1; null when there were none.',
          resolve: (summary) => selected(summary.generationSuccessRate),
        }),
        activeAgents: t.field({
          type: 'SafeInt',
          description: 'Agents whose status is ACTIVE now, whatever the range.',
          resolve: (summary) => selected(summary.activeAgents),
        }),
        openAlerts: t.field({
          type: 'SafeInt',
          description: 'Alerts that are not resolved now, whatever the range.',
          resolve: (summary) => selected(summary.openAlerts),
        }),
      }),
    }),
  );
}
