import { defined } from '../defined.ts';
import { createHistogramEncoder, MAX_ENCODED_HISTOGRAM, writeVarint } from '../histogram-encoder.ts';
import {
  createSums,
  createSumsMerger,
  type EncodedCell,
  encodeSums,
  histogramSlice,
  mergeSums,
  type SumsForm,
} from './cell.ts';

/**
 * What a batch adds to one cell. Usually these are few rows, so histograms are still lists of
 * values.
 */
export interface FoldedCell {
  rowCount: number;
  successCount: number;
  sums: Float64Array;
  /** Per histogram measure: the bucket key (`valueKey`) of each value, in the order of the rows. */
  keys: number[][];
  /** True if another cell has the same sums and keys: they must be copied before they change. */
  isShared: boolean;
}

export function createFoldedCell(measureCount: number, histogramCount: number): FoldedCell {
  return {
    rowCount: 0,
    successCount: 0,
    sums: createSums(measureCount),
    keys: Array.from({ length: histogramCount }, () => []),
    isShared: false,
  };
}

/**
 * A cell with the content of `source`. It copies nothing, because most cells of a coarse grain get
 * only one finer cell of a batch.
 */
export function shareFoldedCell(source: FoldedCell): FoldedCell {
  return { ...source, isShared: true };
}

/** Adds all of `source` to `target`. */
export function mergeFoldedCell(target: FoldedCell, source: FoldedCell): void {
  if (target.isShared) {
    target.sums = target.sums.slice();
    target.keys = target.keys.map((keys) => keys.slice());
    target.isShared = false;
  }
  target.rowCount += source.rowCount;
  target.successCount += source.successCount;
  mergeSums(target.sums, source.sums);
  for (const [position, added] of source.keys.entries()) {
    const keys = defined(target.keys[position]);
    for (const key of added) keys.push(key);
  }
}

/**
 * Encodes folded cells. It keeps working memory, so one encoder serves all cells of all datasets,
 * one at a time.
 */
export interface CellEncoder {
  /** The stored cell with the folded one added. `stored` is null if there is no stored cell yet. */
  encode(folded: FoldedCell, stored: EncodedCell | null): EncodedCell;
}

/** @param form of the sums; stored cells may have either */
export function createCellEncoder(form?: SumsForm): CellEncoder {
  const histogram = createHistogramEncoder();
  const mergeSumsOf = createSumsMerger();
  const one = new Uint8Array(MAX_ENCODED_HISTOGRAM);
  let all = new Uint8Array(0);

  function addStored(stored: Uint8Array, position: number): void {
    const slice = histogramSlice(stored, position);
    if (slice !== null) histogram.addEncoded(stored, slice.offset, slice.length);
  }

  function encodeHistograms(
    keysOfMeasures: readonly (readonly number[])[],
    stored: Uint8Array | null,
  ): Uint8Array {
    const room = keysOfMeasures.length * (MAX_ENCODED_HISTOGRAM + 4);
    if (all.length < room) all = new Uint8Array(room);
    let offset = 0;
    for (const [position, keys] of keysOfMeasures.entries()) {
      if (stored !== null) addStored(stored, position);
      for (const key of keys) histogram.add(key);
      const length = histogram.write(one, 0);
      offset = writeVarint(all, offset, length);
      all.set(one.subarray(0, length), offset);
      offset += length;
    }
    return all.slice(0, offset);
  }

  return {
    encode(folded, stored) {
      const { rowCount, successCount, sums, keys } = folded;
      if (stored === null) {
        return {
          rowCount,
          successCount,
          sums: encodeSums(sums, form),
          histograms: encodeHistograms(keys, null),
        };
      }
      const total = sums.slice();
      mergeSumsOf(total, stored.sums);
      return {
        rowCount: rowCount + stored.rowCount,
        successCount: successCount + stored.successCount,
        sums: encodeSums(total, form),
        histograms: encodeHistograms(keys, stored.histograms),
      };
    },
  };
}
