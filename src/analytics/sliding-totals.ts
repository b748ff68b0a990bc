import { defined } from '../core/defined.ts';
import { encodeHistogram, mergeEncoded } from '../core/encoded-histogram.ts';
import { createHistogram, type Histogram, mergeInto, removeFrom } from '../core/histogram.ts';
import { type Accumulator, createAccumulator } from './accumulator.ts';
import type { ResolvedMeasure } from './measures.ts';

/**
 * A queue of buckets whose total is known at any time. Each bucket costs a fixed number of
 * additions, however long the queue is.
 */
export interface SlidingTotals {
  /** Adds a bucket at the end; undefined: a bucket without rows. */
  push(bucket: Accumulator | undefined): void;
  /** Removes the bucket at the beginning. There must be one. */
  drop(): void;
  /**
   * The total of the buckets in the queue; undefined if they have no rows. Valid until the queue
   * changes.
   */
  total(): Accumulator | undefined;
}

/** A bucket in the queue. */
interface Waiting {
  /**
   * Totals without histograms. In the front stack: the total of this bucket and all later ones in
   * that stack.
   */
  readonly numbers: Accumulator;
  /**
   * One per measure, in the stored form, which needs a tenth of the memory: there may be thousands.
   */
  readonly histograms: readonly (Uint8Array | null)[];
}

/**
 * Extremes cannot be subtracted, and sums of doubles cannot be subtracted exactly. So the queue
 * consists of two stacks. Each entry of the front holds the total from itself to the end of the
 * front; the back has one total. When the front is empty, the buckets of the back become the front.
 * Histograms hold whole numbers, so they are subtracted when a bucket leaves.
 */
export function createSlidingTotals(measures: readonly ResolvedMeasure[]): SlidingTotals {
  const nothing: Waiting = { numbers: createAccumulator(measures, false), histograms: [] };
  const histograms = measures.map(({ quantiles }) => (quantiles.length > 0 ? createHistogram() : null));
  /** The last entry leaves next. */
  const front: Waiting[] = [];
  let back: Waiting[] = [];
  let backTotal = createAccumulator(measures, false);

  function turnOver(): void {
    let total = createAccumulator(measures, false);
    for (const bucket of back.reverse()) {
      total = sumOf(measures, total, bucket.numbers);
      front.push({ numbers: total, histograms: bucket.histograms });
    }
    back = [];
    backTotal = createAccumulator(measures, false);
  }

  return {
    push(bucket) {
      back.push(bucket === undefined ? nothing : toWaiting(measures, bucket));
      if (bucket === undefined) return;
      addNumbers(backTotal, bucket);
      histograms.forEach((histogram, index) => {
        const added = bucket.measures[index]?.histogram;
        if (histogram !== null && added != null) mergeInto(histogram, added);
      });
    },
    drop() {
      if (front.length === 0) turnOver();
      const gone = front.pop();
      if (gone === undefined) throw new Error('There is no bucket to drop');
      histograms.forEach((histogram, index) => {
        const encoded = gone.histograms[index];
        if (histogram !== null && encoded != null) removeFrom(histogram, decoded(encoded));
      });
    },
    total() {
      const numbers = sumOf(measures, front.at(-1)?.numbers ?? nothing.numbers, backTotal);
      if (numbers.rowCount === 0) return undefined;
      return {
        ...numbers,
        measures: numbers.measures.map((totals, index) => ({
          ...totals,
          histogram: histograms[index] ?? null,
        })),
      };
    },
  };
}

function toWaiting(measures: readonly ResolvedMeasure[], bucket: Accumulator): Waiting {
  const numbers = createAccumulator(measures, false);
  addNumbers(numbers, bucket);
  const histograms = bucket.measures.map(({ histogram }) => histogram && encodeHistogram(histogram));
  return { numbers, histograms };
}

function decoded(bytes: Uint8Array): Histogram {
  const histogram = createHistogram();
  mergeEncoded(histogram, bytes);
  return histogram;
}

function sumOf(measures: readonly ResolvedMeasure[], one: Accumulator, other: Accumulator): Accumulator {
  const sum = createAccumulator(measures, false);
  addNumbers(sum, one);
  addNumbers(sum, other);
  return sum;
}

/** Adds everything except the histograms. */
function addNumbers(target: Accumulator, source: Accumulator): void {
  target.rowCount += source.rowCount;
  target.successCount += source.successCount;
  source.measures.forEach((from, index) => {
    const to = defined(target.measures[index]);
    to.count += from.count;
    to.sum += from.sum;
    // Windows with distinct values consist of one bucket, so this only ever adds zeros.
    to.distinct += from.distinct;
    to.min = Math.min(to.min, from.min);
    to.max = Math.max(to.max, from.max);
  });
}
