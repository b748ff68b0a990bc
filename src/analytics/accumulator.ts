import type { ColumnValue } from '../core/dataset/column.ts';
import { toPublicNumber } from '../core/dataset/column.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { defined } from '../core/defined.ts';
import { continuousQuantile, createHistogram, type Histogram } from '../core/histogram.ts';
import type { ResolvedMeasure } from './measures.ts';
import type { MeasureStats, Stats } from './spec.ts';

/** The totals of one measure, in stored units. */
export interface MeasureTotals {
  count: number;
  sum: number;
  min: number;
  max: number;
  distinct: number;
  others: number;
  /**
   * How many values are below the first edge, between two edges, above the last; null: no edges.
   */
  readonly bins: number[] | null;
  /** Null unless quantiles are wanted and cells are read. */
  readonly histogram: Histogram | null;
  /**
   * Quantiles that the database computed from rows, in the order of `ResolvedMeasure.quantiles`.
   */
  exact: readonly (number | null)[] | null;
}

/** The totals of one group in one time bucket. Mutable: cells and sums of rows are added to it. */
export interface Accumulator {
  rowCount: number;
  successCount: number;
  /** In the order of the resolved measures. */
  readonly measures: readonly MeasureTotals[];
}

/** @param neighbour an accumulator with values of about the same size, if there is one. */
export function createAccumulator(
  measures: readonly ResolvedMeasure[],
  histograms: boolean,
  neighbour?: Accumulator,
): Accumulator {
  return {
    rowCount: 0,
    successCount: 0,
    measures: measures.map(({ quantiles, edges }, index) => ({
      count: 0,
      sum: 0,
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
      distinct: 0,
      others: 0,
      bins: edges && Array.from({ length: edges.length + 1 }, () => 0),
      histogram: histograms && quantiles.length > 0 ? histogramLike(neighbour?.measures[index]) : null,
      exact: null,
    })),
  };
}

/**
 * An empty histogram with a window as large as the neighbour's. Growing the window later would cost
 * as much as merging a few cells.
 */
function histogramLike(neighbour: MeasureTotals | undefined): Histogram {
  const histogram = createHistogram();
  const like = neighbour?.histogram;
  if (like === null || like === undefined || like.window.length === 0) return histogram;
  return { ...histogram, firstKey: like.firstKey, window: new Float64Array(like.window.length) };
}

/** One group's accumulators by bucket. Buckets without rows stay undefined. */
export interface GroupTotals {
  /** Values of the dimensions; null: all groups that have no group of their own. */
  readonly values: readonly ColumnValue[] | null;
  readonly buckets: (Accumulator | undefined)[];
}

/** The groups of an answer, created as needed. */
export interface Groups {
  /** The group that counts rows with these values: their own, or `other()`. */
  of(values: readonly ColumnValue[]): GroupTotals;
  /** The group of all rows that have no group of their own. */
  other(): GroupTotals;
  accumulator(group: GroupTotals, bucket: number): Accumulator;
  /** The groups that were requested, in the order of their first request; `other()` comes last. */
  list(): GroupTotals[];
}

/**
 * The number of totals that one bucket counts as. A histogram, like bins, takes more memory than
 * all other numbers together.
 */
function totalsOf(measures: readonly ResolvedMeasure[], histograms: boolean): number {
  const isLarge = ({ quantiles, edges }: ResolvedMeasure) =>
    (histograms && quantiles.length > 0) || edges !== null;
  return Math.max(
    1,
    measures.reduce((sum, measure) => sum + (isLarge(measure) ? 2 : 1), 0),
  );
}

export const groupKeyOf = (values: readonly ColumnValue[]): string => JSON.stringify(values);

export interface GroupsOptions {
  readonly measures: readonly ResolvedMeasure[];
  /** Whether quantiles come from histograms of cells. */
  readonly histograms: boolean;
  /** The groups to keep separate; all others become `other()`. Null: all groups are separate. */
  readonly kept: readonly (readonly ColumnValue[])[] | null;
  /**
   * Called with the number of totals of each new bucket. An error that it throws ends the analysis.
   */
  readonly count?: (used: { readonly cells: number }) => void;
}

export function createGroups({ measures, histograms, kept, count }: GroupsOptions): Groups {
  const keptKeys = kept === null ? null : new Set(kept.map(groupKeyOf));
  const groups = new Map<string, GroupTotals>();
  const totals = totalsOf(measures, histograms);
  let rest: GroupTotals | undefined;

  function other(): GroupTotals {
    rest ??= { values: null, buckets: [] };
    return rest;
  }

  return {
    of(values) {
      const key = groupKeyOf(values);
      const known = groups.get(key);
      if (known !== undefined) return known;
      if (keptKeys !== null && !keptKeys.has(key)) return other();
      const group = { values, buckets: [] };
      groups.set(key, group);
      return group;
    },
    other,
    accumulator(group, bucket) {
      const known = group.buckets[bucket];
      if (known !== undefined) return known;
      count?.({ cells: totals });
      const accumulator = createAccumulator(measures, histograms, group.buckets.at(-1));
      group.buckets[bucket] = accumulator;
      return accumulator;
    },
    list: () => [...groups.values(), ...(rest === undefined ? [] : [rest])],
  };
}

/** What a question measures, and in which dataset. */
export interface MeasureQuestion {
  readonly spec: { readonly dataset: Dataset };
  /** In the order in which accumulators have their totals. */
  readonly measures: readonly ResolvedMeasure[];
}

/** A group and its number of rows. */
export interface GroupCount {
  readonly values: readonly ColumnValue[];
  rowCount: number;
}

/** The entry of the group, created if it does not exist. */
export function countOf(counts: Map<string, GroupCount>, values: readonly ColumnValue[]): GroupCount {
  const key = groupKeyOf(values);
  const known = counts.get(key);
  if (known !== undefined) return known;
  const made = { values, rowCount: 0 };
  counts.set(key, made);
  return made;
}

/** The totals of a question in public units, for the measures in `shown`; null: for all. */
export function toStats(
  { spec: { dataset }, measures }: MeasureQuestion,
  accumulator: Accumulator,
  shown: ReadonlySet<string> | null = null,
): Stats {
  const stats = new Map<string, MeasureStats>();
  measures.forEach((measure, index) => {
    const { name } = measure.column;
    if (shown !== null && !shown.has(name)) return;
    stats.set(name, toMeasureStats(measure, defined(accumulator.measures[index]), accumulator.rowCount));
  });
  return {
    rowCount: accumulator.rowCount,
    successCount: dataset.hasSuccess ? accumulator.successCount : null,
    measures: stats,
  };
}

function toMeasureStats(
  { column, quantiles, totals: wanted }: ResolvedMeasure,
  totals: MeasureTotals,
  rowCount: number,
): MeasureStats {
  const none = totals.count === 0;
  return {
    count: totals.count,
    sum: !wanted.has('sum') || (none && rowCount > 0) ? null : toPublicNumber(column, totals.sum),
    min: none || !wanted.has('min') ? null : toPublicNumber(column, totals.min),
    max: none || !wanted.has('max') ? null : toPublicNumber(column, totals.max),
    distinct: wanted.has('distinct') ? totals.distinct : null,
    others: wanted.has('others') ? totals.others : null,
    quantiles: new Map(
      quantiles.map((p, index) => {
        const value = quantileOf(totals, p, index);
        return [p, value === null ? null : toPublicNumber(column, value)];
      }),
    ),
  };
}

/**
 * The quantile in stored units. One from a histogram is limited to the exact minimum and maximum.
 */
export function quantileOf(totals: MeasureTotals, p: number, index: number): number | null {
  if (totals.exact !== null) return totals.exact[index] ?? null;
  if (totals.histogram === null) return null;
  if (totals.count > 0 && (p === 0 || p === 1)) return p === 0 ? totals.min : totals.max;
  const value = continuousQuantile(totals.histogram, p);
  return value === null ? null : Math.min(Math.max(value, totals.min), totals.max);
}
