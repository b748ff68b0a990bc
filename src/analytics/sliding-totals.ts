import {
  createHistogram,
  encodeHistogram,
  type Histogram,
  mergeEncoded,
  mergeInto,
  removeFrom,
} from '../core/histogram.ts';
import { type Accumulator, createAccumulator, type MeasureTotals } from './accumulator.ts';
import type { ResolvedMeasure } from './measures.ts';

/**
 * A queue of buckets whose total is known at any time; each bucket costs a fixed number of
 * additions, however many wait.
 */
export interface SlidingTotals {
  /** Adds a bucket at the end; undefined: one without rows. */
  push(bucket: Accumulator | undefined): void;
  /** Removes the bucket at the beginning. There must be one. */
  drop(): void;
  /**
   * The total of the buckets in the queue; undefined: they have no rows. Of use until the queue
   * changes.
   */
  total(): Accumulator | undefined;
}

/** A bucket that waits. */
interface Waiting {
  /** Without histograms. In the front: the total of this bucket and all that follow it there. */
  readonly numbers: Accumulator;
  /** In stored form, a tenth of the memory: there may be thousands. One per measure. */
  readonly histograms: readonly (Uint8Array | null)[];
}

/**
 * Extremes have no inverse, and sums of doubles none that is exact, so the queue is made of two
 * stacks: the front's entries hold the totals from themselves to its end, and the back has one
 * total. When the front is empty, the back's buckets become the front. Histograms hold whole
 * numbers: what leaves is taken away again.
 */
export function createSlidingTotals(measures: readonly ResolvedMeasure[]): SlidingTotals {
  const nothing: Waiting = { numbers: createAccumulator(measures, false), histograms: [] };
  const histograms = measures.map(({ quantiles }) => (quantiles.length > 0 ? createHistogram() : null));
  /** The next to leave is the last. */
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

/** Adds all but the histograms. */
function addNumbers(target: Accumulator, source: Accumulator): void {
  target.rowCount += source.rowCount;
  target.successCount += source.successCount;
  source.measures.forEach((from, index) => {
    const to = target.measures[index] as MeasureTotals;
    to.count += from.count;
    to.sum += from.sum;
    to.min = Math.min(to.min, from.min);
    to.max = Math.max(to.max, from.max);
  });
}
