import { textOf } from '../../../core/dataset/named-values.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import { generations } from '../../../declarations/generations/generations.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { costsAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import { readsRowsOf } from '../../../graphql/read-scopes.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { ModelStats } from './join-stats.ts';
import { readModelStats } from './read-model-stats.ts';

const DEFAULT_FIRST = 100;

const OF_GENERATIONS = [
  'cost',
  'shareOfCost',
  'generations',
  'unpricedGenerations',
  'generationSuccessRate',
  'averageGenerationMs',
] as const;

/** Adds `providerStats` and `modelStats`. */
export function addModelStats(types: TypeRegistry): void {
  addStatsQuery(types, {
    name: 'providerStats',
    entity: 'ProviderStats',
    dimensions: ['provider'],
    description: 'Statistics of the LLM calls and diagram generations per provider.',
  });
  addStatsQuery(types, {
    name: 'modelStats',
    entity: 'ModelStats',
    dimensions: ['provider', 'model'],
    description:
      'Statistics of the LLM calls and diagram generations per model. Generations without a ' +
      'known model are omitted.',
  });
}

interface StatsQuery {
  readonly name: string;
  readonly entity: string;
  readonly dimensions: readonly ('provider' | 'model')[];
  readonly description: string;
}

function addStatsQuery(types: TypeRegistry, { name, entity, dimensions, description }: StatsQuery): void {
  const type = modelStatsType(types, entity, dimensions);
  types.builder.queryField(name, (t) =>
    t.field({
      authScopes: readsRowsOf(llmCalls, generations),
      type: [type],
      description:
        `${description} Most calls first. If costs or generation counts are selected, entries ` +
        'that have only generations follow, with 0 calls.',
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
        archive: t.arg.boolean(ARCHIVE),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description: 'Maximum number of items, 1 to 1,000. The rest is omitted.',
        }),
      },
      extensions: costsAnalyses({
        datasets: [llmCalls, generations],
        dimensions,
        measures: 3,
        groups: DEFAULT_FIRST,
      }),
      resolve: (_root, { range, archive, first }, context, info) => {
        const selected = selectionOf(info);
        return readModelStats(reachingArchive(context, { archive }), {
          range: readTimeRange(range, context.services.clock.now()),
          dimensions,
          first: first ?? DEFAULT_FIRST,
          withGenerations: OF_GENERATIONS.some((field) => selected.has(field)),
        });
      },
    }),
  );
}

function modelStatsType(
  types: TypeRegistry,
  name: string,
  dimensions: readonly ('provider' | 'model')[],
): ObjectType<ModelStats> {
  const type = types.builder.objectRef<ModelStats>(name).implement({
    description: `Statistics of the LLM calls and diagram generations of one ${dimensions.at(-1)} in a time range.`,
    fields: (t) => ({
      ...Object.fromEntries(
        dimensions.map((dimension) => [
          dimension,
          t.string({
            description: columnOf(llmCalls, dimension).description,
            resolve: ({ dimensions: values }) => textOf(values, dimension),
          }),
        ]),
      ),
      calls: t.expose('calls', { type: 'SafeInt', description: 'Number of calls.' }),
      unpricedCalls: t.expose('unpricedCalls', {
        type: 'SafeInt',
        description: 'Calls whose cost is unknown: `cost` excludes them.',
      }),
      successRate: t.exposeFloat('successRate', {
        nullable: true,
        description: 'Share of the calls that succeeded, 0 to 1; null if there were none.',
      }),
      averageLatencyMs: t.exposeFloat('averageLatencyMs', {
        nullable: true,
        description: 'Mean latency of a call, in milliseconds; null if there were none.',
      }),
      p95LatencyMs: t.exposeFloat('p95LatencyMs', {
        nullable: true,
        description:
          'The 95th percentile of the calls, in milliseconds, interpolated; null if there were none.',
      }),
      tokens: t.expose('tokens', {
        type: 'SafeInt',
        description: 'Tokens of the calls, prompts and answers.',
      }),
      cost: t.exposeFloat('cost', {
        nullable: true,
        description:
          'Cost of the calls and the generations in USD; null if there were some but no cost is ' +
          'known. If you also record the model calls of a generation, send the generation without ' +
          'a cost; otherwise both count.',
      }),
      shareOfCalls: t.exposeFloat('shareOfCalls', {
        description: 'Share of all calls of the range, 0 to 1; 0 when there are none.',
      }),
      shareOfTokens: t.exposeFloat('shareOfTokens', {
        nullable: true,
        description: 'Share of the tokens of all calls of the range, 0 to 1; null if there are none.',
      }),
      shareOfCost: t.exposeFloat('shareOfCost', {
        nullable: true,
        description:
          'Share of the known cost of all calls and generations of the range, 0 to 1; null if there is none or `cost` is null.',
      }),
    }),
  });
  addGenerationFields(types, type);
  return type;
}

function addGenerationFields({ builder }: TypeRegistry, type: ObjectType<ModelStats>): void {
  builder.objectFields(type, (t) => ({
    generations: t.expose('generations', {
      type: 'SafeInt',
      description:
        'Number of diagram generations. Counted only for the 1,000 entries with the most ' +
        'generations; 0 for all others.',
    }),
    unpricedGenerations: t.expose('unpricedGenerations', {
      type: 'SafeInt',
      description:
        'Generations whose cost is unknown: `cost` excludes them. Counted in the same way as ' +
        '`generations`.',
    }),
    generationSuccessRate: t.exposeFloat('generationSuccessRate', {
      nullable: true,
      description: 'Share of the generations that succeeded, 0 to 1; null if there were none.',
    }),
    averageGenerationMs: t.exposeFloat('averageGenerationMs', {
      nullable: true,
      description: 'Mean duration of a generation, in milliseconds; null if there were none.',
    }),
  }));
}
