import type { Dataset } from '../core/dataset/dataset.ts';
import type { RollupGrain } from '../core/dataset/rollup-set.ts';
import type { Filter } from '../core/filter.ts';
import type { TimeGrain } from '../core/time/grain.ts';
import type { AskedRange, Interval } from '../core/time/range.ts';
import type { Segment } from './cover.ts';
import type { MovedBoundary } from './fit.ts';

/** Which rows a question is about. */
export interface Scope {
  readonly dataset: Dataset;
  readonly projectId: string;
  /**
   * Where rows and fine cells have expired, it is answered by what is kept; with `exact`, refused
   * unless that fits exactly.
   */
  readonly range: AskedRange;
  /** Null: all rows of the range. */
  readonly filter: Filter | null;
}

/**
 * What of one measure is wanted: counts, sums and extremes always, and these quantiles (0 to 1).
 */
export interface WantedMeasure {
  readonly measure: string;
  readonly quantiles: readonly number[];
}

/** One aggregation, the value that travels the read path: planner, compiler, executor. */
export interface QuerySpec extends Scope {
  /** Group by these dimensions; empty: one group. */
  readonly dimensions: readonly string[];
  /**
   * Ascending instants that cut the range into buckets, first = range.from and last = range.to;
   * bucket i is [boundaries[i], boundaries[i + 1]). Two instants: no time split.
   */
  readonly boundaries: readonly number[];
  readonly measures: readonly WantedMeasure[];
}

/**
 * Statistics of one measure in public units (USD, not nano-USD). All but the counts are null when
 * count is 0; see `sum`.
 */
export interface MeasureStats {
  /** Rows that have the measure. */
  readonly count: number;
  /**
   * 0 when there are no rows; null when there are rows, and none of them has the measure: it is not
   * known.
   */
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** By the wanted p. */
  readonly quantiles: ReadonlyMap<number, number | null>;
}

export interface Stats {
  readonly rowCount: number;
  /** Null when the dataset has no `success` column. */
  readonly successCount: number | null;
  /** By name; only the wanted ones. */
  readonly measures: ReadonlyMap<string, MeasureStats>;
}

/** Values of the dimensions by name; an absent value is null. */
export type DimensionValues = Readonly<Record<string, string | number | boolean | null>>;

export interface Group {
  readonly dimensions: DimensionValues;
  readonly stats: Stats;
}

export interface Series {
  readonly dimensions: DimensionValues;
  /** True: all groups outside the top N, together; its dimension values are null. */
  readonly other: boolean;
  /**
   * Ascending. `start` and `end` bound the bucket on the calendar; of the first and the last bucket
   * only the part within the range is counted. Where only cells are kept that are longer than the
   * buckets, there is a point for each cell.
   */
  readonly points: readonly { readonly start: number; readonly end: number; readonly stats: Stats }[];
}

/**
 * Where an answer came from. `MIXED`: rollups, and raw rows for the ends that no cell covers
 * exactly.
 */
export interface Source {
  readonly kind: 'ROLLUP' | 'RAW' | 'MIXED';
  /** The coarsest rollup grain that was read; null for raw rows. */
  readonly grain: RollupGrain | null;
  /** Cells and raw rows that were read. */
  readonly rowsRead: number;
  /** The planner's reason, in words. */
  readonly reason: string;
  /**
   * What the numbers are about: the range that was asked for, unless something has expired. Empty:
   * nothing is kept of it.
   */
  readonly range: Interval;
  /** Which part of the range was read from what. */
  readonly segments: readonly Segment[];
  /** Stretches that were asked for and of which nothing is kept: ascending, apart. */
  readonly missing: readonly Interval[];
  /** Boundaries that cut the finest cell that is kept, and where the cut is instead. */
  readonly moved: readonly MovedBoundary[];
}

export interface Answer<Value> {
  readonly value: Value;
  readonly source: Source;
}

/**
 * Sort groups by the row count, by an aggregate of a measure, or by an error rate. Ties by
 * dimension values.
 */
export interface GroupOrder {
  readonly by:
    | 'count'
    | 'errorRate'
    | 'successRate'
    | { readonly measure: string; readonly aggregate: 'sum' | 'avg' | 'min' | 'max' | 'p95' };
  readonly direction: 'asc' | 'desc';
}

export interface GroupOptions {
  readonly orderBy: GroupOrder;
  readonly first: number;
  /**
   * Groups of fewer rows are left out, as if they were not there; among raw rows, theirs do not
   * count as read. Default: 1.
   */
  readonly atLeast?: number;
}

export interface SeriesOptions {
  readonly grain: TimeGrain | 'AUTO';
  readonly timeZone: string;
  readonly dimensions: readonly string[];
  /** Series of the first N groups in this order; the rest is one series with `other`. */
  readonly top: number;
  /** The order of the groups over the whole range. Default: those with the most rows first. */
  readonly orderBy?: GroupOrder;
  /** ZERO: every bucket has a point. NONE: buckets without rows are left out. */
  readonly fill: 'ZERO' | 'NONE';
}

/** Windows of one width that slide over a range. Times in milliseconds. */
export interface WindowOptions {
  /** Groups of their own; empty: all events are one. */
  readonly dimensions: readonly string[];
  /**
   * The N groups with the most rows from the first window's start to the last one's end; the rest
   * is left out.
   */
  readonly top: number;
  readonly width: number;
  /**
   * From one window's end to the next one's; at most the width, so that no event is in no window.
   */
  readonly step: number;
}

/** What was made of each window. */
export interface SlidingWindows<Value> {
  /**
   * Where the windows end, ascending: window i is [ends[i] - width, ends[i]). The first ends a step
   * after the range begins, or, where something has expired and the range is not `exact`, where the
   * first window ends that is still all there.
   */
  readonly ends: readonly number[];
  /**
   * Most rows first; one without dimensions. A value for each window; undefined: it has no rows of
   * the group.
   */
  readonly groups: readonly {
    readonly dimensions: DimensionValues;
    readonly values: readonly (Value | undefined)[];
  }[];
  /** True: there are groups besides the top N. */
  readonly others: boolean;
}

/**
 * A group of rows, and the stretches in which its first and its last row lie: each within one day
 * of UTC, unless it is decades ago.
 */
export interface Occurrence {
  readonly dimensions: DimensionValues;
  readonly rowCount: number;
  readonly first: Interval;
  readonly last: Interval;
}

/** Where to look for the first and the last row that have a value in a column of text. */
export interface WantedEnds extends Pick<Occurrence, 'first' | 'last'> {
  readonly key: string;
}

/** The first and the last row of a key; null: the row is not kept. */
export interface Ends {
  /** Epoch milliseconds. */
  readonly firstAt: number | null;
  readonly last: { readonly id: string; readonly timestamp: number } | null;
}

/**
 * The read path's door. Every method throws InvalidArgument for a question that is too large or
 * cannot be asked.
 */
export interface Analytics {
  totals(scope: Scope, measures: readonly WantedMeasure[]): Promise<Answer<Stats>>;
  groups(
    scope: Scope,
    dimensions: readonly string[],
    measures: readonly WantedMeasure[],
    options: GroupOptions,
  ): Promise<Answer<readonly Group[]>>;
  series(
    scope: Scope,
    measures: readonly WantedMeasure[],
    options: SeriesOptions,
  ): Promise<Answer<readonly Series[]>>;
  /**
   * All groups of the rows and when they occurred, in no order: as many as the rows have values.
   * `now` is the present.
   */
  occurrences(
    scope: Scope,
    dimensions: readonly string[],
    now: number,
  ): Promise<Answer<readonly Occurrence[]>>;
  /**
   * The first and the last row of each key, by one statement that seeks the index on project,
   * column and timestamp. A stretch of which rows may have expired is not looked into.
   */
  ends(
    scope: Omit<Scope, 'range'>,
    column: string,
    wanted: readonly WantedEnds[],
  ): Promise<ReadonlyMap<string, Ends>>;
  /**
   * What is kept of the rows of a range, for answers that are read from rows beside the read path;
   * reads none.
   */
  keptRows(scope: Pick<Scope, 'dataset' | 'projectId' | 'range'>): Promise<Answer<null>>;
  /**
   * What `totals` would say of each window, read once for all of them; quantiles are within 1 %
   * even from rows.
   *
   * @param keep makes of the statistics of a window what is wanted of it: there may be 200,000 of
   *   them.
   */
  windows<Value>(
    scope: Scope,
    measures: readonly WantedMeasure[],
    options: WindowOptions,
    keep: (stats: Stats) => Value,
  ): Promise<Answer<SlidingWindows<Value>>>;
}
