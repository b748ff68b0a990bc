/**
 * A histogram with logarithmic buckets. Quantiles read from it have a bounded relative error, and
 * merging is exact: the histogram of a union is the sum of the histograms. The mapping is
 * DDSketch's (Masson, Rim, Lee: "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with
 * Relative-Error Guarantees", VLDB 2019, section 2): bucket k holds the values in (gamma^(k-1),
 * gamma^k], and 2 gamma^k / (gamma + 1) is within `RELATIVE_ERROR` of each of them.
 *
 * Values are >= 0; zero has a separate count. Positive values below 1e-9 count as 1e-9, so the
 * error bound does not hold for them. It holds up to 2^53, above every value that a column takes (a
 * measure ends at 2^53 - 1, money at 9e15 nano-USD).
 */
import { defined } from './defined.ts';
import { InvalidArgument } from './errors.ts';

/** How far a quantile may be from the true value, as a share of that value. */
export const RELATIVE_ERROR = 0.01;
/** The ratio of a bucket's upper bound to its lower. */
export const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);

const LOGARITHM_OF_GAMMA = Math.log(GAMMA);
/** -1036. The stored form counts keys from here, so a change makes stored histograms unreadable. */
export const LOWEST_KEY = Math.ceil(Math.log(1e-9) / LOGARITHM_OF_GAMMA);
export const HIGHEST_KEY = Math.ceil(Math.log(2 ** 53) / LOGARITHM_OF_GAMMA);
const NO_WINDOW = new Float64Array(0);
/**
 * From this many buckets on, counts are kept in a window, because searching a list of keys costs
 * more.
 */
const DENSE_FROM = 24;

/**
 * Mutable. Most cells of a rollup hold a few values, so the buckets start as a short ascending
 * list. A histogram that merges many cells soon has many buckets, so it counts them in a window
 * over the keys in use. Either the list or the window is empty.
 */
export interface Histogram {
  /** How many values there are, zeros included. */
  count: number;
  zeroes: number;
  /** The list: ascending keys, and how many values the bucket of each key holds. */
  keys: number[];
  times: number[];
  /**
   * The window: how many values each bucket from `firstKey` on holds. Integers, exact up to 2^53.
   */
  firstKey: number;
  window: Float64Array;
}

export function createHistogram(): Histogram {
  return { count: 0, zeroes: 0, keys: [], times: [], firstKey: 0, window: NO_WINDOW };
}

/** The bucket of a positive value. */
export function bucketKey(value: number): number {
  // Adding 0 turns the -0 of values just below 1 into 0.
  const key = Math.ceil(Math.log(value) / LOGARITHM_OF_GAMMA) + 0;
  return Math.min(Math.max(key, LOWEST_KEY), HIGHEST_KEY);
}

/**
 * Adds a value, `times` times.
 *
 * @throws RangeError for a negative value or NaN.
 */
export function addValue(histogram: Histogram, value: number, times = 1): void {
  if (value > 0) {
    addBucket(histogram, bucketKey(value), times);
  } else if (value === 0) {
    histogram.zeroes += times;
    histogram.count += times;
  } else {
    throw new RangeError(`A histogram holds values from 0 upwards, not ${value}.`);
  }
}

/** Adds `times` values to the bucket `key`, a result of `bucketKey`. */
export function addBucket(histogram: Histogram, key: number, times: number): void {
  histogram.count += times;
  if (histogram.window.length === 0 && addToList(histogram, key, times)) return;
  let index = key - histogram.firstKey;
  if (index < 0 || index >= histogram.window.length) {
    growWindow(histogram, key, key);
    index = key - histogram.firstKey;
  }
  histogram.window[index] = (histogram.window[index] ?? 0) + times;
}

/** Adds to the list. If the list is full, moves it into a new window and returns false instead. */
function addToList(histogram: Histogram, key: number, times: number): boolean {
  const { keys } = histogram;
  let index = keys.length;
  while (index > 0 && (keys[index - 1] ?? 0) > key) index--;
  if (index > 0 && keys[index - 1] === key) {
    histogram.times[index - 1] = (histogram.times[index - 1] ?? 0) + times;
    return true;
  }
  if (keys.length < DENSE_FROM) {
    insert(keys, index, key);
    insert(histogram.times, index, times);
    return true;
  }
  growWindow(histogram, defined(keys[0]), defined(keys.at(-1)));
  for (const [slot, held] of keys.entries()) {
    histogram.window[held - histogram.firstKey] = defined(histogram.times[slot]);
  }
  histogram.keys = [];
  histogram.times = [];
  return false;
}

/**
 * Does what `splice` does, without an array of removed elements. A loop is many times faster than
 * `copyWithin` on an array.
 */
function insert(list: number[], index: number, value: number): void {
  list.push(value);
  for (let slot = list.length - 1; slot > index; slot--) list[slot] = list[slot - 1] ?? 0;
  list[index] = value;
}

/**
 * Makes room for the keys from `low` to `high`, and as much again beyond them, so that a window
 * grows only a few times.
 */
function growWindow(histogram: Histogram, low: number, high: number): void {
  const { window, firstKey } = histogram;
  const empty = window.length === 0;
  const first = empty ? low : Math.min(low, firstKey);
  const last = empty ? high : Math.max(high, firstKey + window.length - 1);
  const slack = last - first;
  const newFirst = empty || low < firstKey ? Math.max(first - slack, LOWEST_KEY) : first;
  const newLast = empty || last === high ? Math.min(last + slack, HIGHEST_KEY) : last;
  const grown = new Float64Array(newLast - newFirst + 1);
  if (!empty) grown.set(window, firstKey - newFirst);
  histogram.firstKey = newFirst;
  histogram.window = grown;
}

/** Adds all that `source` holds to `target`. */
export function mergeInto(target: Histogram, source: Histogram): void {
  forEachBucket(source, (key, times) => addBucket(target, key, times));
  target.zeroes += source.zeroes;
  target.count += source.zeroes;
}

/**
 * Subtracts all that `source` holds from `target`, which must contain it. The inverse of
 * `mergeInto`, exact because both hold integers.
 */
export function removeFrom(target: Histogram, source: Histogram): void {
  forEachBucket(source, (key, times) => addBucket(target, key, -times));
  target.zeroes -= source.zeroes;
  target.count -= source.zeroes;
}

/** Visits the buckets in use in ascending order of keys. */
export function forEachBucket(histogram: Histogram, visit: (key: number, times: number) => void): void {
  const { keys, times, window, firstKey } = histogram;
  for (let index = 0; index < keys.length; index++) {
    const count = times[index] ?? 0;
    if (count !== 0) visit(keys[index] ?? 0, count);
  }
  for (let index = 0; index < window.length; index++) {
    const count = window[index] ?? 0;
    if (count !== 0) visit(firstKey + index, count);
  }
}

/**
 * The value at rank `floor(p * (n - 1))`, counted from 0, of the `n` values in ascending order,
 * within `RELATIVE_ERROR`. Where SQL's `percentile_cont` falls between two values, this is the
 * lower one. Null if there are no values.
 *
 * @throws InvalidArgument unless 0 <= p <= 1.
 */
export function quantile(histogram: Histogram, p: number): number | null {
  checkProbability(p);
  if (histogram.count === 0) return null;
  return valueAtRank(histogram, Math.floor(p * (histogram.count - 1)));
}

/**
 * The result of SQL's `percentile_cont`, within `RELATIVE_ERROR`. It interpolates between two
 * neighbouring values; a mean of two values that are each within the error is within it too. Null
 * if there are no values.
 *
 * @throws InvalidArgument unless 0 <= p <= 1.
 */
export function continuousQuantile(histogram: Histogram, p: number): number | null {
  checkProbability(p);
  if (histogram.count === 0) return null;
  const rank = p * (histogram.count - 1);
  const lowerRank = Math.floor(rank);
  const lower = valueAtRank(histogram, lowerRank);
  if (rank === lowerRank) return lower;
  return lower + (rank - lowerRank) * (valueAtRank(histogram, lowerRank + 1) - lower);
}

function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) throw new InvalidArgument(`A quantile must be between 0 and 1, not ${p}.`, 'p');
}

/**
 * The representative of the bucket that holds the value of this rank, which must be below the
 * count.
 */
function valueAtRank(histogram: Histogram, rank: number): number {
  if (rank < histogram.zeroes) return 0;
  const { keys, window, firstKey } = histogram;
  const key =
    window.length === 0
      ? defined(keys[indexAtRank(histogram.times, rank - histogram.zeroes)])
      : firstKey + indexAtRank(window, rank - histogram.zeroes);
  return (2 * GAMMA ** key) / (GAMMA + 1);
}

function indexAtRank(counts: ArrayLike<number>, rank: number): number {
  let seen = 0;
  let index = -1;
  while (seen <= rank) seen += counts[++index] as number;
  return index;
}
