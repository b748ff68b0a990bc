import type { DimensionValues, Group, Stats } from '../../../analytics/spec.ts';
import {
  knownSumOfAll,
  meanOf,
  quantileOf,
  rate,
  sumOf,
  unknownCount,
} from '../../../graphql/analytics/stats-values.ts';

/** What one provider or one model amounts to. Rates and shares are shares of 1, cost is USD. */
export interface ModelStats {
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
  readonly generations: number;
  readonly unpricedGenerations: number;
  readonly generationSuccessRate: number | null;
  readonly averageGenerationMs: number | null;
}

/** What lines have shares of. */
interface Whole {
  readonly calls: Stats;
  /** Known USD of all calls and generations. */
  readonly cost: number;
}

const NOTHING: Stats = { rowCount: 0, successCount: 0, measures: new Map() };

/** The generations of a range. */
export interface Generated {
  readonly groups: readonly Group[];
  /** All of them, also those that are in no group. */
  readonly all: Stats;
}

/** When nothing that generations tell is wanted. */
export const NOT_ASKED: Generated = { groups: [], all: NOTHING };

/**
 * A line for each group of calls, then one for each group of generations that made no calls; both
 * keep their order. Where the groups of calls were cut off, what stands behind them must be cut off
 * too.
 */
export function joinStats(
  dimensions: readonly string[],
  calls: readonly Group[],
  allCalls: Stats,
  generations: Generated,
): ModelStats[] {
  const keyOf = (group: Group): string => JSON.stringify(dimensions.map((name) => group.dimensions[name]));
  const generated = new Map(generations.groups.map((group) => [keyOf(group), group.stats]));
  const called = new Set(calls.map(keyOf));
  const all = { calls: allCalls, cost: knownSumOfAll([allCalls, generations.all], 'cost') ?? 0 };
  return [
    ...calls.map((group) =>
      toModelStats(group.dimensions, group.stats, all, generated.get(keyOf(group)) ?? NOTHING),
    ),
    ...generations.groups
      .filter((group) => !called.has(keyOf(group)))
      .map((group) => toModelStats(group.dimensions, NOTHING, all, group.stats)),
  ];
}

function toModelStats(dimensions: DimensionValues, calls: Stats, all: Whole, generations: Stats): ModelStats {
  const cost = knownSumOfAll([calls, generations], 'cost');
  return {
    dimensions,
    calls: calls.rowCount,
    unpricedCalls: unknownCount(calls, 'cost'),
    successRate: rate(calls.successCount, calls.rowCount),
    averageLatencyMs: meanOf(calls, 'latencyMs'),
    p95LatencyMs: quantileOf(calls, 'latencyMs', 0.95),
    tokens: sumOf(calls, 'totalTokens'),
    cost,
    shareOfCalls: share(calls.rowCount, all.calls.rowCount) ?? 0,
    shareOfTokens: share(sumOf(calls, 'totalTokens'), sumOf(all.calls, 'totalTokens')),
    shareOfCost: share(cost, all.cost),
    generations: generations.rowCount,
    unpricedGenerations: unknownCount(generations, 'cost'),
    generationSuccessRate: rate(generations.successCount, generations.rowCount),
    averageGenerationMs: meanOf(generations, 'durationMs'),
  };
}

/** Null when there is nothing to share, or the part is not known. */
function share(part: number | null, whole: number): number | null {
  return part === null || whole === 0 ? null : part / whole;
}
