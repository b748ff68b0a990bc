import type { TimeGrain } from '../core/time/grain.ts';

/** How the values of a measure are distributed. Bounds are in public units (USD, not nano-USD). */
export interface DistributionOptions {
  readonly measure: string;
  /** How many buckets lie between the bounds. */
  readonly buckets: number;
  /**
   * `LINEAR`: buckets of equal width. `LOG`: each is wider than the one before by the same factor.
   */
  readonly scale: 'LINEAR' | 'LOG';
  /** Null: the smallest value in the range; with `LOG` the smallest above 0. */
  readonly from: number | null;
  /** Null: the largest value in the range. */
  readonly to: number | null;
  /** Null: the whole range is one point. */
  readonly time: { readonly grain: TimeGrain | 'AUTO'; readonly timeZone: string } | null;
}

/** How many values of a measure lie in each bucket, per point in time. */
export interface Distribution {
  /**
   * Ascending, the same for all points. Each bucket includes `from` and excludes `to`; the last one
   * includes both. Empty if there are no values to choose bounds from.
   */
  readonly buckets: readonly { readonly from: number; readonly to: number }[];
  /** Ascending and without gaps, as in `Series`. */
  readonly points: readonly DistributionPoint[];
}

export interface DistributionPoint {
  readonly start: number;
  readonly end: number;
  /** Rows that have the measure. */
  readonly count: number;
  /** Values below the first bucket; with `LOG` also all values that are not above 0. */
  readonly underflow: number;
  /** Values above the last bucket. */
  readonly overflow: number;
  /** One per bucket. */
  readonly counts: readonly number[];
}
