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
   * If rows or fine cells have expired, the data that is kept answers. With `exact`, the question
   * is rejected unless that data fits exactly.
   */
  readonly range: AskedRange;
  /** Null: all rows of the range. */
  readonly filter: Filter | null;
  /** Whether to read expired rows from the archive where only rows can answer. Default: no. */
  readonly archive?: boolean;
}

/**
 * A number of a measure that takes time to compute from many rows. `distinct`: how many different
 * values there are. `others`: how many rows have an attribute that is not a number.
 */
export type Total = 'sum' | 'min' | 'max' | 'distinct' | 'others';

/** A measure, and what to compute from it. The number of rows that have it is always computed. */
export interface WantedMeasure {
  /**
   * A measure, the name of an attribute, or a dimension. Of a dimension, only `distinct` can be
   * computed.
   */
  readonly measure: string;
  /** 0 to 1. */
  readonly quantiles: readonly number[];
  /**
   * Default: sum, min and max. Only rows and columns can answer `distinct`, and not for windows
   * that overlap.
   */
  readonly totals?: readonly Total[];
  /**
   * Ascending bounds, in stored units, of the bins into which the values are sorted. A measure with
   * edges must be the only one of its question, and must have no totals or quantiles; the question
   * must have no dimensions. Only rows and columns can answer it.
   */
  readonly edges?: readonly number[];
}

/** One aggregation: the value that planner, compiler and executor pass on. */
export interface QuerySpec extends Scope {
  /** Group by these dimensions, or by attributes given by name; empty: one group. */
  readonly dimensions: readonly string[];
  /**
   * Ascending instants that cut the range into buckets. The first is range.from, the last range.to,
   * and bucket i is [boundaries[i], boundaries[i + 1]). Two instants make one bucket.
   */
  readonly boundaries: readonly number[];
  readonly measures: readonly WantedMeasure[];
}

/**
 * Statistics of one measure in public units (USD, not nano-USD). Except `count` and `sum`, all are
 * null if `count` is 0. Totals that were not wanted may be null.
 */
export interface MeasureStats {
  /** Rows that have the measure. */
  readonly count: number;
  /**
   * 0 if there are no rows; null if there are rows but none of them has the measure: the sum is
   * then unknown.
   */
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** The number of different values. */
  readonly distinct: number | null;
  /** Rows whose attribute is not a number. */
  readonly others: number | null;
  /** Keyed by the wanted p. */
  readonly quantiles: ReadonlyMap<number, number | null>;
}

export interface Stats {
  readonly rowCount: number;
  /** Null if the dataset has no `success` column. */
  readonly successCount: number | null;
  /** Keyed by name; only the wanted measures. */
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
   * Ascending. `start` and `end` are the bounds of the bucket on the calendar; the first and the
   * last bucket count only the part within the range. If only cells longer than the buckets are
   * kept, there is one point per cell.
   */
  readonly points: readonly { readonly start: number; readonly end: number; readonly stats: Stats }[];
}

/**
 * The source of an answer. `COLUMNS`: rows, from their columnar copy. `ARCHIVE`: expired rows.
 * `MIXED`: several of them, such as rollups plus rows for the ends that no cell covers exactly.
 */
export interface Source {
  readonly kind: 'ROLLUP' | 'RAW' | 'COLUMNS' | 'ARCHIVE' | 'MIXED';
  /** The coarsest rollup grain that was read; null if only raw rows were. */
  readonly grain: RollupGrain | null;
  /** The number of cells and raw rows that were read. */
  readonly rowsRead: number;
  /** How many of them are archived rows. */
  readonly archivedRows: number;
  /**
   * The most that the replica that answered was behind the primary, in milliseconds. Absent: no
   * replica answered.
   */
  readonly behindMs?: number;
  /** The planner's reason, in words. */
  readonly reason: string;
  /**
   * The range that the numbers cover: the requested range, unless data has expired. Empty: no part
   * of it is kept.
   */
  readonly range: Interval;
  /** Which part of the range was read from which source. */
  readonly segments: readonly Segment[];
  /** The requested stretches whose data has expired: ascending, disjoint. */
  readonly missing: readonly Interval[];
  /**
   * Boundaries that lie within the finest cell that is kept, and the instants that replace them.
   */
  readonly moved: readonly MovedBoundary[];
}

export interface Answer<Value> {
  readonly value: Value;
  readonly source: Source;
}

/**
 * How to sort groups: by the row count, by an aggregate of a measure, or by an error or success
 * rate. Ties are sorted by dimension values.
 */
export interface GroupOrder {
  readonly by:
    | 'count'
    | 'errorRate'
    | 'successRate'
    | { readonly measure: string; readonly aggregate: 'sum' | 'avg' | 'min' | 'max' | 'p95' | 'distinct' };
  readonly direction: 'asc' | 'desc';
}

export interface GroupOptions {
  readonly dimensions: readonly string[];
  readonly orderBy: GroupOrder;
  readonly first: number;
  /**
   * Groups with fewer rows are left out as if they did not exist. From raw rows, their rows do not
   * count in `rowsRead` either. Default: 1.
   */
  readonly atLeast?: number;
}

export interface SeriesOptions {
  readonly grain: TimeGrain | 'AUTO';
  readonly timeZone: string;
  readonly dimensions: readonly string[];
  /** Number of groups with a series of their own; all others are one series with `other`. */
  readonly top: number;
  /** The order of the groups, over the whole range. Default: most rows first. */
  readonly orderBy?: GroupOrder;
  /** ZERO: every bucket has a point. NONE: buckets without rows are omitted. */
  readonly fill: 'ZERO' | 'NONE';
}

/** How many values of a dimension occur in a time bucket, such as users in a week. */
export interface Presence {
  /** The bounds of the bucket on the calendar. */
  readonly start: number;
  readonly end: number;
  /** The number of distinct values. Rows without a value do not count. */
  readonly values: number;
  /** Values that also occur in the bucket before; null for the first bucket. */
  readonly returned: number | null;
}

/** Windows of one width that slide over a range. Times in milliseconds. */
export interface WindowOptions {
  /** Group by these dimensions; empty: all events are one group. */
  readonly dimensions: readonly string[];
  /**
   * Number of groups: those with the most rows between the start of the first window and the end of
   * the last. All others are omitted.
   */
  readonly top: number;
  readonly width: number;
  /**
   * From the end of one window to the end of the next. At most `width`, so that every event is in
   * some window.
   */
  readonly step: number;
}

/** The value of each window. */
export interface SlidingWindows<Value> {
  /**
   * The ends of the windows, ascending: window i is [ends[i] - width, ends[i]). The first window
   * ends one step after the range begins. If data has expired and the range is not `exact`, the
   * first window is the first whose data is complete.
   */
  readonly ends: readonly number[];
  /**
   * Most rows first; without dimensions there is one. `values` has one value per window: undefined
   * if the window has no rows of the group.
   */
  readonly groups: readonly {
    readonly dimensions: DimensionValues;
    readonly values: readonly (Value | undefined)[];
  }[];
  /** True if there are groups besides the top N. */
  readonly others: boolean;
}

/**
 * A group of rows, and the stretches that contain its first and its last row. Each stretch lies
 * within one UTC day, unless it is decades ago.
 */
export interface Occurrence {
  readonly dimensions: DimensionValues;
  readonly rowCount: number;
  readonly first: Interval;
  readonly last: Interval;
}

/** A value of a text column, and the stretches to search for its first and its last row. */
export interface WantedEnds extends Pick<Occurrence, 'first' | 'last'> {
  readonly key: string;
}

/** The first and the last row of a key; null if that row is not kept. */
export interface Ends {
  /** Epoch milliseconds. */
  readonly firstAt: number | null;
  readonly last: { readonly id: string; readonly timestamp: number } | null;
}
