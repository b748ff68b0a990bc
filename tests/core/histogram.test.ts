import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHistogram, mergeEncoded } from '../../src/core/encoded-histogram.ts';
import {
  addBucket,
  addValue,
  bucketKey,
  continuousQuantile,
  createHistogram,
  GAMMA,
  type Histogram,
  mergeInto,
  quantile,
  RELATIVE_ERROR,
  removeFrom,
} from '../../src/core/histogram.ts';

const PROBABILITIES = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1];
/** The error allowed beyond the proven bound, for rounding in a logarithm and a power. */
const ROUNDING = 1e-9;

const measureValue = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 200 }),
  fc.double({ min: 1e-9, max: 2 ** 53, noNaN: true }),
  fc.double({ min: 1, max: 1e4, noNaN: true }),
);
/** So many values that in about half of the samples the list of buckets becomes a window. */
const measureValues = fc.array(measureValue, { minLength: 1, maxLength: 120 });
/** Excludes the smallest numbers, whose products have too few digits for a relative error. */
const probability = fc.double({ min: 1e-9, max: 1, noNaN: true });

function histogramOf(values: readonly number[]): Histogram {
  const histogram = createHistogram();
  for (const value of values) addValue(histogram, value);
  return histogram;
}

function bucketsOf(histogram: Histogram): unknown {
  const { count, zeroes, keys, times, window, firstKey } = histogram;
  const listed = keys.map((key, index) => [key, times[index]]);
  const inWindow = [...window].map((number, index) => [firstKey + index, number]);
  return { count, zeroes, buckets: [...listed, ...inWindow.filter(([, number]) => number !== 0)] };
}

function decoded(bytes: Uint8Array): Histogram {
  const histogram = createHistogram();
  mergeEncoded(histogram, bytes);
  return histogram;
}

function expectWithinError(actual: number | null, exact: number): void {
  const distance = Math.abs((actual as number) - exact);
  expect(distance, `${actual} for ${exact}`).toBeLessThanOrEqual(exact * (RELATIVE_ERROR + ROUNDING));
}

describe('removeFrom', () => {
  it('restores the histogram from before a merge', () => {
    fc.assert(
      fc.property(measureValues, measureValues, (values, others) => {
        const histogram = histogramOf(values);
        mergeInto(histogram, histogramOf(others));
        removeFrom(histogram, histogramOf(others));
        expect(decoded(encodeHistogram(histogram))).toEqual(decoded(encodeHistogram(histogramOf(values))));
        for (const p of PROBABILITIES) expect(quantile(histogram, p)).toBe(quantile(histogramOf(values), p));
        removeFrom(histogram, histogramOf(values));
        expect([histogram.count, quantile(histogram, 0.5)]).toEqual([0, null]);
      }),
    );
  });
});

describe('quantile', () => {
  it('is within the relative error of the value at the rank', () => {
    fc.assert(
      fc.property(measureValues, probability, (values, drawn) => {
        const histogram = histogramOf(values);
        const sorted = values.toSorted((a, b) => a - b);
        for (const p of [...PROBABILITIES, drawn]) {
          expectWithinError(quantile(histogram, p), sorted[Math.floor(p * (values.length - 1))] as number);
        }
      }),
    );
  });

  it('interpolates as percentile_cont does', () => {
    fc.assert(
      fc.property(measureValues, probability, (values, drawn) => {
        const histogram = histogramOf(values);
        const sorted = values.toSorted((a, b) => a - b);
        for (const p of [...PROBABILITIES, drawn]) {
          const rank = p * (values.length - 1);
          const lower = sorted[Math.floor(rank)] as number;
          const upper = sorted[Math.ceil(rank)] as number;
          expectWithinError(
            continuousQuantile(histogram, p),
            lower + (rank - Math.floor(rank)) * (upper - lower),
          );
        }
      }),
    );
  });

  it('reads known values', () => {
    const histogram = histogramOf([0, 0, 10, 1000]);
    expect(quantile(histogram, 0.34)).toBe(0);
    expectWithinError(quantile(histogram, 0.67), 10);
    expectWithinError(quantile(histogram, 0.99), 10);
    expectWithinError(quantile(histogram, 1), 1000);
    expectWithinError(continuousQuantile(histogram, 0.5), 5);
  });

  it('has no value for an empty histogram', () => {
    expect(quantile(createHistogram(), 0.5)).toBeNull();
    expect(continuousQuantile(createHistogram(), 0.5)).toBeNull();
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses the probability %s', (p) => {
    const refusal = expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: 'p' } });
    expect(() => quantile(histogramOf([1]), p)).toThrow(refusal);
    expect(() => continuousQuantile(histogramOf([1]), p)).toThrow(refusal);
  });
});

describe('adding', () => {
  it('puts a value into the bucket (gamma^(k-1), gamma^k]', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 2 ** 53, noNaN: true }), (value) => {
        const key = bucketKey(value);
        expect(value).toBeGreaterThan(GAMMA ** (key - 1) * (1 - ROUNDING));
        expect(value).toBeLessThanOrEqual(GAMMA ** key * (1 + ROUNDING));
      }),
    );
  });

  it('counts a repeated value as often as it is repeated, by value or by bucket', () => {
    const expected = bucketsOf(histogramOf([7, 7, 7, 0, 0]));
    const byValue = createHistogram();
    addValue(byValue, 7, 3);
    addValue(byValue, 0, 2);
    expect(bucketsOf(byValue)).toEqual(expected);
    const byBucket = createHistogram();
    addBucket(byBucket, bucketKey(7), 3);
    addValue(byBucket, 0, 2);
    expect(bucketsOf(byBucket)).toEqual(expected);
  });

  it('holds the largest values that columns accept within the error', () => {
    const histogram = histogramOf([1e15, 5e15, Number.MAX_SAFE_INTEGER]);
    expectWithinError(quantile(histogram, 0), 1e15);
    expectWithinError(quantile(histogram, 0.5), 5e15);
    expectWithinError(quantile(histogram, 1), Number.MAX_SAFE_INTEGER);
  });

  it('counts values outside its span at the ends of the span', () => {
    const histogram = histogramOf([1e-300, 1e300, Number.POSITIVE_INFINITY]);
    expectWithinError(quantile(histogram, 0), 1e-9);
    expectWithinError(quantile(histogram, 1), 2 ** 53);
    expect(histogram.count).toBe(3);
  });

  it.each([-1, Number.NaN])('refuses %s', (value) => {
    expect(() => addValue(createHistogram(), value)).toThrow(RangeError);
  });
});

describe('merging and encoding', () => {
  it('gives the histogram of the union, for a histogram and for its stored form', () => {
    fc.assert(
      fc.property(fc.array(measureValues, { minLength: 1, maxLength: 5 }), (parts) => {
        const union = bucketsOf(histogramOf(parts.flat()));
        const merged = createHistogram();
        const mergedFromStored = createHistogram();
        for (const part of parts) {
          mergeInto(merged, histogramOf(part));
          mergeEncoded(mergedFromStored, encodeHistogram(histogramOf(part)));
        }
        expect(bucketsOf(merged)).toEqual(union);
        expect(bucketsOf(mergedFromStored)).toEqual(union);
      }),
    );
  });

  it('keeps counts of any size in the stored form', () => {
    const times = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 2 ** 45 }));
    const bucket = fc.tuple(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), times);
    fc.assert(
      fc.property(fc.array(bucket, { maxLength: 60 }), fc.nat({ max: 2 ** 31 }), (buckets, zeroes) => {
        const histogram = createHistogram();
        addValue(histogram, 0, zeroes);
        for (const [value, count] of buckets) addValue(histogram, value, count);
        const bytes = encodeHistogram(histogram);
        expect(bucketsOf(decoded(bytes))).toEqual(bucketsOf(histogram));
        expect(encodeHistogram(decoded(bytes))).toEqual(bytes);
      }),
    );
  });

  it('reads a histogram from the middle of a buffer', () => {
    const bytes = encodeHistogram(histogramOf([0, 3, 300]));
    const buffer = new Uint8Array(bytes.length + 7).fill(0xff);
    buffer.set(bytes, 4);
    const target = histogramOf([5]);
    mergeEncoded(target, buffer, 4, bytes.length);
    expect(bucketsOf(target)).toEqual(bucketsOf(histogramOf([0, 3, 5, 300])));
  });

  it('stores its documented format', () => {
    const histogram = createHistogram();
    addValue(histogram, 0, 300);
    addBucket(histogram, -3, 1);
    addBucket(histogram, 200, 128);
    // 300 zeroes; key -3 at a distance of 1033 from key -1036, once; key 200 at a distance of 203,
    // 128 times
    expect([...encodeHistogram(histogram)]).toEqual([0xac, 0x02, 0x89, 0x08, 1, 0xcb, 0x01, 0x80, 0x01]);
    expect([...encodeHistogram(createHistogram())]).toEqual([0]);
  });

  it('adds nothing for no bytes', () => {
    expect(decoded(new Uint8Array(0)).count).toBe(0);
  });

  it.each([[[0xac]], [[0x01, 0x05]], [[0x01, 0x05, 0x81]], [[0x00, 0xff, 0x7f, 0x01]]])(
    'refuses the bytes %j',
    (bytes) => {
      expect(() => decoded(Uint8Array.from(bytes))).toThrow(RangeError);
    },
  );
});
