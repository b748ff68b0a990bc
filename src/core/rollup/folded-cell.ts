import { createHistogramEncoder, MAX_ENCODED_HISTOGRAM, writeVarint } from '../histogram-encoder.ts';
import {
  COUNT,
  createSums,
  type EncodedCell,
  encodeSums,
  histogramSlice,
  MAX,
  MIN,
  mergeEncodedSums,
  mergeMeasure,
  SUM,
  SUM_STRIDE,
} from './cell.ts';

/**
 * What a batch adds to one cell. Mostly these are few rows, so histograms are still lists of
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
  const { sums } = source;
  for (let at = 0; at < sums.length; at += SUM_STRIDE) {
    mergeMeasure(
      target.sums,
      at,
      sums[at + COUNT] as number,
      sums[at + SUM] as number,
      sums[at + MIN] as number,
      sums[at + MAX] as number,
    );
  }
  for (let position = 0; position < source.keys.length; position++) {
    const keys = target.keys[position] as number[];
    for (const key of source.keys[position] as number[]) keys.push(key);
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

export function createCellEncoder(): CellEncoder {
  const histogram = createHistogramEncoder();
  const one = new Uint8Array(MAX_ENCODED_HISTOGRAM);
  let all = new Uint8Array(0);

  function encodeHistograms(
    keysOfMeasures: readonly (readonly number[])[],
    stored: Uint8Array | null,
  ): Uint8Array {
    const room = keysOfMeasures.length * (MAX_ENCODED_HISTOGRAM + 4);
    if (all.length < room) all = new Uint8Array(room);
    let offset = 0;
    for (let position = 0; position < keysOfMeasures.length; position++) {
      const slice = stored === null ? null : histogramSlice(stored, position);
      if (slice !== null) histogram.addEncoded(stored as Uint8Array, slice.offset, slice.length);
      for (const key of keysOfMeasures[position] as readonly number[]) histogram.add(key);
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
        return { rowCount, successCount, sums: encodeSums(sums), histograms: encodeHistograms(keys, null) };
      }
      const total = sums.slice();
      mergeEncodedSums(total, stored.sums);
      return {
        rowCount: rowCount + stored.rowCount,
        successCount: successCount + stored.successCount,
        sums: encodeSums(total),
        histograms: encodeHistograms(keys, stored.histograms),
      };
    },
  };
}
