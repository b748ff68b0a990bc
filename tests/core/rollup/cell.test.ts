import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeHistogram, mergeEncoded } from '../../../src/core/encoded-histogram.ts';
import { addValue, createHistogram, quantile } from '../../../src/core/histogram.ts';
import {
  addToSums,
  areDoubles,
  type Cell,
  COUNT,
  createCell,
  createSums,
  decodeSums,
  encodeCell,
  encodeHistograms,
  encodeSums,
  histogramSlice,
  MAX,
  MIN,
  mergeCell,
  mergeEncodedCell,
  SUM,
  SUM_STRIDE,
} from '../../../src/core/rollup/cell.ts';

const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { maxLength: 40 });

function cellOf(measures: readonly (readonly number[])[]): Cell {
  const cell = createCell(measures.length, measures.length);
  measures.forEach((numbers, index) => {
    cell.rowCount += numbers.length;
    for (const value of numbers) {
      addToSums(cell.sums, index * SUM_STRIDE, value);
      addValue(cell.histograms[index] as ReturnType<typeof createHistogram>, value);
    }
  });
  return cell;
}

describe('sums', () => {
  test('hold the count, sum, minimum and maximum of each measure in turn', () => {
    const sums = createSums(2);
    for (const value of [3, 1, 2]) addToSums(sums, SUM_STRIDE, value);
    expect([...sums]).toEqual([0, 0, Infinity, -Infinity, 3, 6, 1, 3]);
    expect([COUNT, SUM, MIN, MAX]).toEqual([0, 1, 2, 3]);
  });

  test('are little-endian doubles', () => {
    expect(Buffer.from(encodeSums(Float64Array.of(1, -2))).toString('hex')).toBe(
      '000000000000f03f00000000000000c0',
    );
  });

  test('are read from a slice at any offset', () => {
    fc.assert(
      fc.property(values, fc.nat(9), (numbers, offset) => {
        const { sums } = cellOf([numbers, []]);
        const encoded = encodeSums(sums);
        const bytes = new Uint8Array(offset + encoded.length);
        bytes.set(encoded, offset);
        expect(decodeSums(bytes.subarray(offset), 2)).toEqual(sums);
      }),
    );
  });

  test.each([
    [1, [[5], [], []]],
    [3, [[], [], [5]]],
    [0, [[], []]],
  ])('use bytes up to measure %i, the last one with a value', (measures, numbers) => {
    const { sums } = cellOf(numbers);
    const bytes = encodeSums(sums);
    expect(bytes.length).toBe(measures * SUM_STRIDE * 8);
    expect(decodeSums(bytes, numbers.length)).toEqual(sums);
  });

  test('of fewer measures than declared have no values for the later ones', () => {
    const { sums } = cellOf([[5]]);
    expect([...decodeSums(encodeSums(sums), 2)]).toEqual([1, 5, 5, 5, 0, 0, Infinity, -Infinity]);
  });
});

describe('dense sums', () => {
  const number = fc.oneof(
    fc.nat(),
    fc.integer({ min: 0, max: 1e7 }).map((thousandths) => thousandths / 1_000),
    fc.double({ min: -1e300, max: 1e300, noNaN: true }),
    fc.constantFrom(0, -0, 1e-3, Number.MAX_SAFE_INTEGER, 2 ** 60),
  );

  test('have the numbers of the sums, at any offset and added to others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(number, { maxLength: 3 }), { maxLength: 9 }),
        fc.nat(9),
        (measures, offset) => {
          const sums = createSums(measures.length);
          measures.forEach((some, index) => {
            for (const value of some) addToSums(sums, index * SUM_STRIDE, value);
          });
          const encoded = encodeSums(sums, 'DENSE');
          const bytes = new Uint8Array(offset + encoded.length);
          bytes.set(encoded, offset);
          expect(encoded.length === 0 || !areDoubles(encoded.length)).toBe(true);
          // Zero has no sign after an addition.
          expect([...decodeSums(bytes.subarray(offset), measures.length)].map(String)).toEqual(
            [...sums].map(String),
          );
        },
      ),
    );
  });

  test('use a byte per small number, and a single number where all are equal', () => {
    const sums = createSums(4);
    for (const value of [3, 5]) addToSums(sums, 0, value);
    addToSums(sums, SUM_STRIDE, 7);
    addToSums(sums, 3 * SUM_STRIDE, 0.25);
    // Tag, count, sum, min, max; tag, count, sum; no rows; tag without a count, 250 thousandths.
    expect([...encodeSums(sums, 'DENSE')]).toEqual([0, 2, 8, 3, 5, 0x80, 1, 7, 3, 0xc1, 0xfa, 1]);
  });

  test('that end within a measure are refused', () => {
    const sums = createSums(2);
    addToSums(sums, 0, Math.PI);
    addToSums(sums, SUM_STRIDE, Math.E);
    const encoded = encodeSums(sums, 'DENSE');
    expect(() => decodeSums(encoded.subarray(0, -1), 2)).toThrow(RangeError);
  });
});

describe('histograms', () => {
  test('can be found without decoding those before them', () => {
    const histograms = [[1], [], Array.from({ length: 300 }, (_, index) => index ** 2 / 7)].map((numbers) => {
      const histogram = createHistogram();
      for (const value of numbers) addValue(histogram, value);
      return histogram;
    });
    const bytes = encodeHistograms(histograms);
    histograms.forEach((histogram, position) => {
      const slice = histogramSlice(bytes, position);
      expect(slice).not.toBeNull();
      const { offset, length } = slice as NonNullable<typeof slice>;
      expect(bytes.slice(offset, offset + length)).toEqual(encodeHistogram(histogram));
      const merged = createHistogram();
      mergeEncoded(merged, bytes, offset, length);
      expect(quantile(merged, 0.5)).toEqual(quantile(histogram, 0.5));
    });
    expect(histogramSlice(bytes, histograms.length)).toBeNull();
    expect(histogramSlice(new Uint8Array(), 0)).toBeNull();
  });
});

describe('cells', () => {
  test('merge in the same way, decoded or encoded', () => {
    fc.assert(
      fc.property(values, values, values, (first, second, third) => {
        const decoded = cellOf([first, second]);
        mergeCell(decoded, cellOf([third, first]));
        const encoded = cellOf([first, second]);
        mergeEncodedCell(encoded, encodeCell(cellOf([third, first])));
        expect(encodeCell(encoded)).toEqual(encodeCell(decoded));
        expect(decoded.sums[SUM_STRIDE + COUNT]).toBe(second.length + first.length);
      }),
    );
  });

  test('that were written before a measure was declared can be added to', () => {
    const older = cellOf([[1, 2]]);
    const newer = cellOf([[4], [7]]);
    mergeEncodedCell(newer, encodeCell(older));
    expect([...newer.sums]).toEqual([3, 7, 1, 4, 1, 7, 7, 7]);
    expect(newer.histograms.map((histogram) => histogram.count)).toEqual([3, 1]);
  });
});
