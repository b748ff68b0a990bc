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
      description:
        'The key figures for the top of a dashboard in one call. Only selected fields are ' + 'computed.',
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
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
    addModelCallFigures(types, type);
    addOtherFigures(types, type);
    return type;
  });
}

function addModelCallFigures({ builder }: TypeRegistry, type: ObjectType<Summary>): void {
  builder.objectFields(type, (t) => ({
    llmCalls: t.field({
      type: 'SafeInt',
      description: 'Calls to language models.',
      resolve: (summary) => selected(summary.llmCalls),
    }),
    unpricedLlmCalls: t.field({
      type: 'SafeInt',
      description: 'Calls whose cost is unknown: `totalCost` excludes them.',
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
        'Cost of the LLM calls and the diagram generations in USD; null if there were some ' +
        'but no cost is known. If the model calls of a generation are recorded as well, ' +
        'send the generation without a cost, otherwise both count.',
      resolve: (summary) => selected(summary.totalCost),
    }),
    averageLatencyMs: t.float({
      nullable: true,
      description: 'Mean time of an LLM call, in milliseconds; null when there were none.',
      resolve: (summary) => selected(summary.averageLatencyMs),
    }),
    p95LatencyMs: t.float({
      nullable: true,
      description: '95th percentile of LLM calls in milliseconds, interpolated; null if none.',
      resolve: (summary) => selected(summary.p95LatencyMs),
    }),
    cacheHitRate: t.float({
      nullable: true,
      description: 'Share of the LLM calls that a cache answered, 0 to 1; null when there were none.',
      resolve: (summary) => selected(summary.cacheHitRate),
    }),
  }));
}

function addOtherFigures({ builder }: TypeRegistry, type: ObjectType<Summary>): void {
  builder.objectFields(type, (t) => ({
    requests: t.field({
      type: 'SafeInt',
      description: 'Requests that services answered.',
      resolve: (summary) => selected(summary.requests),
    }),
    errors: t.field({
      type: 'SafeInt',
      description: 'Number of errors that services reported.',
      resolve: (summary) => selected(summary.errors),
    }),
    generations: t.field({
      type: 'SafeInt',
      description: 'Diagram generations.',
      resolve: (summary) => selected(summary.generations),
    }),
    unpricedGenerations: t.field({
      type: 'SafeInt',
      description: 'Diagram generations whose cost is unknown: `totalCost` excludes them.',
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
  }));
}
