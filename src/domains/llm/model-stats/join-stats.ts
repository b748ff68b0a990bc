import type { DimensionValues, Group, Stats } from '../../../analytics/spec.ts';
import {
  knownSumOfAll,
  meanOf,
  quantileOf,
  rate,
  sumOf,
  unknownCount,
} from '../../../graphql/analytics/stats-values.ts';

/** Statistics of one provider or one model. Rates and shares are from 0 to 1, cost is in USD. */
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

/** The totals that shares refer to. */
interface Whole {
  readonly calls: Stats;
  /** The known cost of all calls and generations, in USD. */
  readonly cost: number;
}

const NOTHING: Stats = { rowCount: 0, successCount: 0, measures: new Map() };

/** The calls or the generations of a range. */
export interface Counted {
  readonly groups: readonly Group[];
  /** All of them, including those without a group. */
  readonly all: Stats;
}

/** Used if statistics of generations were not requested. */
export const NOT_ASKED: Counted = { groups: [], all: NOTHING };

/**
 * One entry per group of calls, then one per group of generations without calls; both keep their
 * order. If the list of call groups was cut off, the caller must drop the entries after it, too.
 */
export function joinStats(dimensions: readonly string[], calls: Counted, generations: Counted): ModelStats[] {
  const keyOf = (group: Group): string => JSON.stringify(dimensions.map((name) => group.dimensions[name]));
  const generated = new Map(generations.groups.map((group) => [keyOf(group), group.stats]));
  const called = new Set(calls.groups.map(keyOf));
  const all = { calls: calls.all, cost: knownSumOfAll([calls.all, generations.all], 'cost') ?? 0 };
  const joined = [
    ...calls.groups.map((group) => ({
      dimensions: group.dimensions,
      calls: group.stats,
      generations: generated.get(keyOf(group)) ?? NOTHING,
    })),
    ...generations.groups
      .filter((group) => !called.has(keyOf(group)))
      .map((group) => ({ dimensions: group.dimensions, calls: NOTHING, generations: group.stats })),
  ];
  return joined.map((group) => toModelStats(group, all));
}

interface JoinedGroup {
  readonly dimensions: DimensionValues;
  readonly calls: Stats;
  readonly generations: Stats;
}

function toModelStats({ dimensions, calls, generations }: JoinedGroup, all: Whole): ModelStats {
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

/** Null if the whole is 0 or the part is unknown. */
function share(part: number | null, whole: number): number | null {
  return part === null || whole === 0 ? null : part / whole;
}
