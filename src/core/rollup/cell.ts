import { defined } from '../defined.ts';
import { encodeHistogram, mergeEncoded } from '../encoded-histogram.ts';
import { createHistogram, type Histogram, mergeInto } from '../histogram.ts';
import { writeVarint } from '../histogram-encoder.ts';
import { COUNT, MAX, MIN, SUM, SUM_STRIDE } from './cell-numbers.ts';
import { createDenseReader, encodeDense } from './dense-sums.ts';

export { COUNT, MAX, MIN, SUM, SUM_STRIDE };

const BYTES_PER_DOUBLE = 8;
/** The numbers of a measure in sums that are stored as doubles. */
export const SUMS_BYTES = SUM_STRIDE * BYTES_PER_DOUBLE;
/** The most bytes that the varint of a length can take. */
const MAX_LENGTH_BYTES = 4;

/**
 * The totals of one bucket of time and one combination of dimension values. Mutable; values are in
 * stored units.
 */
export interface Cell {
  rowCount: number;
  successCount: number;
  readonly sums: Float64Array;
  /** One per measure of `Dataset.histogramMeasures`, in that order. */
  readonly histograms: Histogram[];
}

/** The stored form of a cell. */
export interface EncodedCell {
  readonly rowCount: number;
  readonly successCount: number;
  readonly sums: Uint8Array;
  readonly histograms: Uint8Array;
}

export function createCell(measureCount: number, histogramCount: number): Cell {
  return {
    rowCount: 0,
    successCount: 0,
    sums: createSums(measureCount),
    histograms: Array.from({ length: histogramCount }, createHistogram),
  };
}

export function createSums(measureCount: number): Float64Array {
  const sums = new Float64Array(measureCount * SUM_STRIDE);
  for (let at = 0; at < sums.length; at += SUM_STRIDE) {
    sums[at + MIN] = Number.POSITIVE_INFINITY;
    sums[at + MAX] = Number.NEGATIVE_INFINITY;
  }
  return sums;
}

/** Adds one value of the measure whose numbers start at `at`. */
export function addToSums(sums: Float64Array, at: number, value: number): void {
  mergeMeasure(sums, at, 1, value, value, value);
}

/** Adds all of `source` to `target`. Both come from the same declaration. */
export function mergeCell(target: Cell, source: Cell): void {
  target.rowCount += source.rowCount;
  target.successCount += source.successCount;
  mergeSums(target.sums, source.sums);
  for (const [position, histogram] of source.histograms.entries()) {
    mergeInto(defined(target.histograms[position]), histogram);
  }
}

/** Adds the numbers of all measures. Both come from the same declaration. */
export function mergeSums(target: Float64Array, source: Float64Array): void {
  for (let at = 0; at < source.length; at += SUM_STRIDE) {
    mergeMeasure(
      target,
      at,
      source[at + COUNT] ?? 0,
      source[at + SUM] ?? 0,
      source[at + MIN] ?? 0,
      source[at + MAX] ?? 0,
    );
  }
}

/**
 * Adds a stored cell to `target`. Measures that were declared after the cell was written count as
 * absent.
 */
export function mergeEncodedCell(target: Cell, source: EncodedCell): void {
  target.rowCount += source.rowCount;
  target.successCount += source.successCount;
  mergeEncodedSums(target.sums, source.sums);
  mergeEncodedHistograms(target.histograms, source.histograms);
}

/** Adds count, sum, minimum and maximum to the measure whose numbers start at `at`. */
export function mergeMeasure(
  sums: Float64Array,
  at: number,
  count: number,
  sum: number,
  min: number,
  max: number,
): void {
  (sums[at + COUNT] as number) += count;
  (sums[at + SUM] as number) += sum;
  if (min < (sums[at + MIN] as number)) sums[at + MIN] = min;
  if (max > (sums[at + MAX] as number)) sums[at + MAX] = max;
}

/**
 * How sums are stored. `DOUBLES`: four little-endian doubles per measure. `DENSE`: a third of that
 * (`encodeDense`). Their lengths tell them apart.
 */
export type SumsForm = 'DOUBLES' | 'DENSE';

/** Whether sums of this many bytes are stored as doubles. */
export const areDoubles = (length: number): boolean => length % SUMS_BYTES === 0;

/**
 * The stored form of sums. It omits the last measures if no row has a value for them. Measures that
 * few events have are declared last, so most cells have no bytes for them.
 */
export function encodeSums(sums: Float64Array, form: SumsForm = 'DOUBLES'): Uint8Array {
  let { length } = sums;
  while (length >= SUM_STRIDE && sums[length - SUM_STRIDE + COUNT] === 0) length -= SUM_STRIDE;
  if (form === 'DENSE' && length > 0) return encodeDense(sums.subarray(0, length), areDoubles);
  const bytes = new Uint8Array(length * BYTES_PER_DOUBLE);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < length; at++) view.setFloat64(at * BYTES_PER_DOUBLE, sums[at] ?? 0, true);
  return bytes;
}

/** The inverse of `encodeSums`. Measures beyond the end of the bytes have no rows. */
export function decodeSums(bytes: Uint8Array, measureCount: number): Float64Array {
  const sums = createSums(measureCount);
  mergeEncodedSums(sums, bytes);
  return sums;
}

/**
 * Adds stored sums of either form to `target`.
 *
 * @throws RangeError if they end within the numbers of a measure
 */
export const mergeEncodedSums = (target: Float64Array, bytes: Uint8Array): void =>
  createSumsMerger()(target, bytes);

/** Like `mergeEncodedSums`, with working memory that is reused for many cells. */
export function createSumsMerger(): typeof mergeEncodedSums {
  const reader = createSumsReader();
  let numbers = new Float64Array(0);
  return (target, bytes) => {
    if (numbers.length < target.length) numbers = new Float64Array(target.length);
    const length = reader.read(bytes, 0, bytes.length, numbers);
    mergeSums(target, numbers.subarray(0, Math.min(length, target.length)));
  };
}

/** Reads stored sums of either form, of one cell at a time. */
export interface SumsReader {
  /**
   * Writes the numbers of the measures into `numbers`, as many as it has room for.
   *
   * @returns how many it wrote; measures that were declared after the cell was written have none
   * @throws RangeError if the bytes end within the numbers of a measure
   */
  read(bytes: Uint8Array, start: number, end: number, numbers: Float64Array): number;
}

export function createSumsReader(): SumsReader {
  const dense = createDenseReader();
  return {
    read(bytes, start, end, numbers) {
      if (!areDoubles(end - start)) return dense.read(bytes, start, end, numbers);
      const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
      const length = Math.min(numbers.length, (end - start) / BYTES_PER_DOUBLE);
      for (let at = 0; at < length; at++) numbers[at] = view.getFloat64(at * BYTES_PER_DOUBLE, true);
      return length;
    },
  };
}

/** Encodes each histogram, preceded by its length in bytes as an unsigned LEB128 varint. */
export function encodeHistograms(histograms: readonly Histogram[]): Uint8Array {
  const encoded = histograms.map(encodeHistogram);
  const size = encoded.reduce((total, bytes) => total + MAX_LENGTH_BYTES + bytes.length, 0);
  const all = new Uint8Array(size);
  let offset = 0;
  for (const bytes of encoded) {
    offset = writeVarint(all, offset, bytes.length);
    all.set(bytes, offset);
    offset += bytes.length;
  }
  return all.slice(0, offset);
}

export interface Slice {
  readonly offset: number;
  readonly length: number;
}

/**
 * Finds the bytes of the histogram at that position, without decoding those before it. Null if the
 * measure was declared after the cell was written. Pass them to `mergeEncoded(target, bytes,
 * offset, length)`.
 */
export function histogramSlice(bytes: Uint8Array, position: number): Slice | null {
  let offset = 0;
  for (let skipped = 0; offset < bytes.length; skipped++) {
    let length = 0;
    let scale = 1;
    let byte: number;
    do {
      byte = bytes[offset++] ?? 0;
      length += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    if (skipped === position) return { offset, length };
    offset += length;
  }
  return null;
}

/** Adds stored histograms to `targets`, position by position. */
export function mergeEncodedHistograms(targets: readonly Histogram[], bytes: Uint8Array): void {
  for (const [position, target] of targets.entries()) {
    const slice = histogramSlice(bytes, position);
    if (slice === null) return;
    mergeEncoded(target, bytes, slice.offset, slice.length);
  }
}

export function encodeCell(cell: Cell, form?: SumsForm): EncodedCell {
  return {
    rowCount: cell.rowCount,
    successCount: cell.successCount,
    sums: encodeSums(cell.sums, form),
    histograms: encodeHistograms(cell.histograms),
  };
}
