import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addValue, createHistogram, type Histogram } from '../../../src/core/histogram.ts';
import { valueKey } from '../../../src/core/histogram-encoder.ts';
import {
  addToSums,
  type Cell,
  createCell,
  encodeCell,
  mergeCell,
  SUM_STRIDE,
} from '../../../src/core/rollup/cell.ts';
import {
  createCellEncoder,
  createFoldedCell,
  type FoldedCell,
  mergeFoldedCell,
  shareFoldedCell,
} from '../../../src/core/rollup/folded-cell.ts';

const value = fc.oneof(
  fc.constant(0),
  fc.double({ min: 0, max: 1e17, noNaN: true }),
  fc.double({ min: 0, max: 10, noNaN: true }),
);
/** The values of two measures in one cell. */
const content = fc.tuple(fc.array(value, { maxLength: 60 }), fc.array(value, { maxLength: 3 }));
type Content = [number[], number[]];

function folded(measures: Content): FoldedCell {
  const cell = createFoldedCell(2, 2);
  measures.forEach((values, index) => {
    cell.rowCount += values.length;
    for (const number of values) {
      addToSums(cell.sums, index * SUM_STRIDE, number);
      cell.keys[index]?.push(valueKey(number));
    }
  });
  return cell;
}

/** The same through histograms. */
function plain(measures: Content): Cell {
  const cell = createCell(2, 2);
  measures.forEach((values, index) => {
    cell.rowCount += values.length;
    for (const number of values) {
      addToSums(cell.sums, index * SUM_STRIDE, number);
      addValue(cell.histograms[index] as Histogram, number);
    }
  });
  return cell;
}

test('a folded cell is encoded as the cell of its values, alone and added to a stored one', () => {
  const encoder = createCellEncoder();
  fc.assert(
    fc.property(content, content, (first, second) => {
      const stored = encodeCell(plain(first));
      expect(encoder.encode(folded(first), null)).toEqual(stored);
      // Sums in the order in which they are added: the new ones first.
      const both = plain(second);
      mergeCell(both, plain(first));
      expect(encoder.encode(folded(second), stored)).toEqual(encodeCell(both));
    }),
  );
});

test('folded cells add up, and do not change cells with which they share content', () => {
  const encoder = createCellEncoder();
  fc.assert(
    fc.property(content, content, (first, second) => {
      const source = folded(first);
      const target = shareFoldedCell(source);
      mergeFoldedCell(target, folded(second));
      mergeFoldedCell(target, source);
      const expected = plain(first);
      mergeCell(expected, plain(second));
      mergeCell(expected, plain(first));
      expect(encoder.encode(target, null)).toEqual(encodeCell(expected));
      expect(encoder.encode(source, null)).toEqual(encodeCell(plain(first)));
    }),
  );
});

test('a stored cell from before a measure was declared can be added to', () => {
  const older = createCell(1, 1);
  addToSums(older.sums, 0, 3);
  addValue(older.histograms[0] ?? createHistogram(), 3);
  const encoded = createCellEncoder().encode(folded([[4], [5]]), encodeCell({ ...older, rowCount: 1 }));
  expect(encoded).toEqual(encodeCell({ ...plain([[3, 4], [5]]), rowCount: 3 }));
});

test('dense cells can be added to stored ones of either form', () => {
  const encoder = createCellEncoder('DENSE');
  const stored = plain([[3, 1.5], [5]]);
  const both = plain([[4], [0.1]]);
  mergeCell(both, stored);
  for (const form of ['DOUBLES', 'DENSE'] as const)
    expect(encoder.encode(folded([[4], [0.1]]), encodeCell(stored, form))).toEqual(encodeCell(both, 'DENSE'));
});

test.each([-1, Number.NaN])('%s has no key', (number) => {
  expect(() => valueKey(number)).toThrow(RangeError);
});
