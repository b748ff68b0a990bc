import type { Stats } from '../../../analytics/spec.ts';
import { present } from '../../../core/defined.ts';
import { knownSumOf, meanOf, quantileOf, rate, sumOf } from '../../../graphql/analytics/stats-values.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { PeriodMetrics } from './read-periods.ts';

/** The fields that show statistics of the generations. */
export const GENERATION_FIELDS = [
  'generations',
  'generationSuccessRate',
  'averageDurationMs',
  'p95DurationMs',
  'generationCost',
  'generationTokens',
] as const;
/** The fields that show statistics of the LLM calls. */
export const CALL_FIELDS = [
  'calls',
  'callSuccessRate',
  'averageLatencyMs',
  'callCost',
  'callTokens',
] as const;

const successRate = ({ successCount, rowCount }: Stats): number | null => rate(successCount, rowCount);

export function periodMetricsType(types: TypeRegistry): ObjectType<PeriodMetrics> {
  const type = types.builder.objectRef<PeriodMetrics>('PeriodMetrics').implement({
    description: 'The generations and the LLM calls of one calendar period.',
    fields: (t) => ({
      start: t.expose('start', {
        type: 'DateTime',
        description: 'Start of the period on the calendar. Only what lies within the range is counted.',
      }),
      end: t.expose('end', {
        type: 'DateTime',
        description:
          'End of the period on the calendar, exclusive. Only what lies within the range is counted.',
      }),
    }),
  });
  addGenerationFields(types, type);
  addCallFields(types, type);
  return type;
}

function addGenerationFields({ builder }: TypeRegistry, type: ObjectType<PeriodMetrics>): void {
  builder.objectFields(type, (t) => ({
    generations: t.field({
      type: 'SafeInt',
      description: 'Diagram generations.',
      resolve: ({ generations }) => present(generations).rowCount,
    }),
    generationSuccessRate: t.float({
      nullable: true,
      description: 'Share of the generations that succeeded, 0 to 1; null if there were none.',
      resolve: ({ generations }) => successRate(present(generations)),
    }),
    averageDurationMs: t.float({
      nullable: true,
      description: 'Mean duration of a generation, in milliseconds; null if there were none.',
      resolve: ({ generations }) => meanOf(present(generations), 'durationMs'),
    }),
    p95DurationMs: t.float({
      nullable: true,
      description:
        'The 95th percentile of the generations, in milliseconds, interpolated; null if there were none.',
      resolve: ({ generations }) => quantileOf(present(generations), 'durationMs', 0.95),
    }),
    generationCost: t.float({
      nullable: true,
      description: 'Cost of the generations in USD; null if there were some but no cost is known.',
      resolve: ({ generations }) => knownSumOf(present(generations), 'cost'),
    }),
    generationTokens: t.field({
      type: 'SafeInt',
      nullable: true,
      description:
        'Tokens that the generations used; null if there were some but no number of tokens is known.',
      resolve: ({ generations }) => knownSumOf(present(generations), 'totalTokens'),
    }),
  }));
}

function addCallFields({ builder }: TypeRegistry, type: ObjectType<PeriodMetrics>): void {
  builder.objectFields(type, (t) => ({
    calls: t.field({
      type: 'SafeInt',
      description: 'Calls to language models.',
      resolve: ({ calls }) => present(calls).rowCount,
    }),
    callSuccessRate: t.float({
      nullable: true,
      description: 'Share of the LLM calls that succeeded, 0 to 1; null if there were none.',
      resolve: ({ calls }) => successRate(present(calls)),
    }),
    averageLatencyMs: t.float({
      nullable: true,
      description: 'Mean latency of an LLM call, in milliseconds; null if there were none.',
      resolve: ({ calls }) => meanOf(present(calls), 'latencyMs'),
    }),
    callCost: t.float({
      nullable: true,
      description: 'Cost of the LLM calls in USD; null if there were some but no cost is known.',
      resolve: ({ calls }) => knownSumOf(present(calls), 'cost'),
    }),
    callTokens: t.field({
      type: 'SafeInt',
      description: 'Tokens of the LLM calls, prompts and answers.',
      resolve: ({ calls }) => sumOf(present(calls), 'totalTokens'),
    }),
  }));
}
