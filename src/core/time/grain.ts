import type { Interval } from './range.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './units.ts';

/** The widths of time buckets that a series can have, from fine to coarse. */
export const TIME_GRAINS = [
  'MINUTE',
  'FIVE_MINUTES',
  'FIFTEEN_MINUTES',
  'HOUR',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
] as const;

export type TimeGrain = (typeof TIME_GRAINS)[number];

/** The grains that divide a day, with their widths in milliseconds. */
export const SUB_DAY_WIDTH_MS: Readonly<Partial<Record<TimeGrain, number>>> = {
  MINUTE: MINUTE_MS,
  FIVE_MINUTES: 5 * MINUTE_MS,
  FIFTEEN_MINUTES: 15 * MINUTE_MS,
  HOUR: HOUR_MS,
};

/**
 * The minimum width of a bucket, such as February or a year without leap day. Ignores days that a
 * clock change shortens.
 */
export const MIN_WIDTH_MS: Readonly<Record<TimeGrain, number>> = {
  MINUTE: MINUTE_MS,
  FIVE_MINUTES: 5 * MINUTE_MS,
  FIFTEEN_MINUTES: 15 * MINUTE_MS,
  HOUR: HOUR_MS,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
  MONTH: 28 * DAY_MS,
  QUARTER: 90 * DAY_MS,
  YEAR: 365 * DAY_MS,
};

/**
 * The grain of AUTO: the finest grain of which at most `maxPoints` buckets touch the range,
 * wherever it starts and ends (a clock change may add one); YEAR if there is none.
 *
 * @param leastMs buckets are at least this long
 */
export function chooseGrain(range: Interval, maxPoints = 300, leastMs = 0): TimeGrain {
  const length = range.to - range.from;
  const fits = (grain: TimeGrain) =>
    MIN_WIDTH_MS[grain] >= leastMs && Math.ceil(length / MIN_WIDTH_MS[grain]) + 1 <= maxPoints;
  return TIME_GRAINS.find(fits) ?? 'YEAR';
}
