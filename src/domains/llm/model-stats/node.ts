import { columnOf } from '../../../core/dataset/table.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { llmCalls } from '../llm-calls/definition.ts';
import { type CallStats, readCallStats } from './read-call-stats.ts';

const DEFAULT_FIRST = 100;

/** Adds `providerStats` and `modelStats`. */
export function addModelStats(parts: Parts): void {
  addCallStatsQuery(parts, 'providerStats', ['provider'], 'What the LLM calls of each provider amount to.');
  addCallStatsQuery(
    parts,
    'modelStats',
    ['provider', 'model'],
    'What the LLM calls of each model amount to.',
  );
}

function addCallStatsQuery(
  parts: Parts,
  name: 'providerStats' | 'modelStats',
  dimensions: readonly string[],
  description: string,
): void {
  parts.builder.queryField(name, (t) =>
    t.field({
      type: [callStatsType(parts, name === 'providerStats' ? 'ProviderStats' : 'ModelStats', dimensions)],
      description: `${description} Most calls first.`,
      args: {
        range: t.arg({ type: timeRangeInput(parts), required: true, description: 'From when to when.' }),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description: 'How many, 1 to 1,000. The rest is left out.',
        }),
      },
      resolve: (_root, { range, first }, context) =>
        readCallStats(
          context,
          readTimeRange(range, context.services.clock.now()),
          dimensions,
          first ?? DEFAULT_FIRST,
        ),
    }),
  );
}

function callStatsType(
  { builder }: Parts,
  name: string,
  dimensions: readonly string[],
): ObjectType<CallStats> {
  const what = `the LLM calls of one ${dimensions.at(-1)}`;
  return builder.objectRef<CallStats>(name).implement({
    description: `What ${what} in a range of time amount to.`,
    fields: (t) => ({
      ...Object.fromEntries(
        dimensions.map((dimension) => [
          dimension,
          t.string({
            description: columnOf(llmCalls, dimension).description,
            resolve: ({ dimensions: values }) => values[dimension] as string,
          }),
        ]),
      ),
      calls: t.expose('calls', { type: 'SafeInt', description: 'Number of calls.' }),
      unpricedCalls: t.expose('unpricedCalls', {
        type: 'SafeInt',
        description: 'Calls whose cost is unknown: `cost` is without them.',
      }),
      successRate: t.exposeFloat('successRate', {
        nullable: true,
        description: 'Share that succeeded, 0 to 1.',
      }),
      averageLatencyMs: t.exposeFloat('averageLatencyMs', {
        nullable: true,
        description: 'Mean time in milliseconds.',
      }),
      p95LatencyMs: t.exposeFloat('p95LatencyMs', {
        nullable: true,
        description: 'Milliseconds that 95 % of the calls did not exceed.',
      }),
      tokens: t.expose('tokens', { type: 'SafeInt', description: 'Tokens, prompts and answers.' }),
      cost: t.exposeFloat('cost', {
        nullable: true,
        description: 'USD; null when no cost of any call is known.',
      }),
      shareOfCalls: t.exposeFloat('shareOfCalls', {
        description: 'Share of all calls of the range, 0 to 1.',
      }),
      shareOfTokens: t.exposeFloat('shareOfTokens', {
        nullable: true,
        description: 'Share of the tokens of all calls of the range, 0 to 1; null when there are none.',
      }),
      shareOfCost: t.exposeFloat('shareOfCost', {
        nullable: true,
        description: 'Share of the known cost of all calls of the range, 0 to 1; null when there is none.',
      }),
    }),
  });
}
