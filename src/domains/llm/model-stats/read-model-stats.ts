import type { WantedMeasure } from '../../../analytics/spec.ts';
import type { AskedRange } from '../../../core/time/range.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import type { Context } from '../../../graphql/context.ts';
import { joinStats, type ModelStats, NOT_ASKED } from './join-stats.ts';
import { readGenerations } from './read-generations.ts';

export interface ModelStatsQuestion {
  readonly range: AskedRange;
  /** What to group by: `provider`, or `provider` and `model`. */
  readonly dimensions: readonly string[];
  readonly first: number;
  /** False if statistics of generations were not requested. */
  readonly withGenerations: boolean;
}

const MEASURES: readonly WantedMeasure[] = [
  { measure: 'latencyMs', quantiles: [0.95] },
  { measure: 'totalTokens', quantiles: [] },
  { measure: 'cost', quantiles: [] },
];
const TOTAL_MEASURES: readonly WantedMeasure[] = [
  { measure: 'totalTokens', quantiles: [] },
  { measure: 'cost', quantiles: [] },
];

/**
 * The calls and generations of a range by these dimensions, most calls first, then most
 * generations.
 */
export async function readModelStats(context: Context, question: ModelStatsQuestion): Promise<ModelStats[]> {
  const { projectId, services } = context;
  const { range, dimensions, first, withGenerations } = question;
  const scope = { dataset: llmCalls, projectId, range, filter: null };
  const options = { dimensions, orderBy: { by: 'count', direction: 'desc' }, first } as const;
  const [calls, totals, generations] = await Promise.all([
    services.analytics.groups(scope, MEASURES, options),
    services.analytics.totals(scope, TOTAL_MEASURES),
    withGenerations ? readGenerations(context, range, dimensions) : NOT_ASKED,
  ]);
  return joinStats(dimensions, { groups: calls.value, all: totals.value }, generations).slice(0, first);
}
