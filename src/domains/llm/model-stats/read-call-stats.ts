import type { Interval } from '../../../core/time/range.ts';
import { knownSumOf, meanOf, quantileOf, rate, sumOf } from '../../../graphql/analytics/stats-values.ts';
import type { Context } from '../../../graphql/context.ts';
import type { DimensionValues, Stats, WantedMeasure } from '../../../query/spec.ts';
import { llmCalls } from '../llm-calls/definition.ts';

/** What the calls of one provider or one model amount to. Rates and shares are shares of 1, cost is USD. */
export interface CallStats {
  readonly dimensions: DimensionValues;
  readonly calls: number;
  readonly unpricedCalls: number;
  readonly successRate: number | null;
  readonly averageLatencyMs: number | null;
  readonly p95LatencyMs: number | null;
  readonly tokens: number;
  readonly cost: number | null;
  readonly shareOfCalls: number;
  readonly shareOfTokens: number | null;
  readonly shareOfCost: number | null;
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

/** The calls of a range by these dimensions, most calls first, with their shares of all calls of the range. */
export async function readCallStats(
  { projectId, services: { analytics } }: Context,
  range: Interval,
  dimensions: readonly string[],
  first: number,
): Promise<CallStats[]> {
  const scope = { dataset: llmCalls, projectId, range, filter: null };
  const options = { orderBy: { by: 'count', direction: 'desc' }, first } as const;
  const [groups, totals] = await Promise.all([
    analytics.groups(scope, dimensions, MEASURES, options),
    analytics.totals(scope, TOTAL_MEASURES),
  ]);
  return groups.value.map(({ dimensions: values, stats }) => toCallStats(values, stats, totals.value));
}

function toCallStats(dimensions: DimensionValues, stats: Stats, totals: Stats): CallStats {
  return {
    dimensions,
    calls: stats.rowCount,
    unpricedCalls: stats.rowCount - (stats.measures.get('cost')?.count ?? 0),
    successRate: rate(stats.successCount, stats.rowCount),
    averageLatencyMs: meanOf(stats, 'latencyMs'),
    p95LatencyMs: quantileOf(stats, 'latencyMs', 0.95),
    tokens: sumOf(stats, 'totalTokens'),
    cost: knownSumOf(stats, 'cost'),
    shareOfCalls: stats.rowCount / totals.rowCount,
    shareOfTokens: share(sumOf(stats, 'totalTokens'), sumOf(totals, 'totalTokens')),
    shareOfCost: share(sumOf(stats, 'cost'), sumOf(totals, 'cost')),
  };
}

/** Null when there is nothing to share. */
function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
