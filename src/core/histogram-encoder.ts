import { afterVarint, readVarint } from './encoded-histogram.ts';
import { bucketKey, HIGHEST_KEY, LOWEST_KEY } from './histogram.ts';

/** The key of the value zero, which has no bucket. */
export const ZERO_KEY = LOWEST_KEY - 1;

/**
 * The key of a value that a histogram can hold.
 *
 * @throws RangeError for a negative value or NaN.
 */
export function valueKey(value: number): number {
  if (value > 0) return bucketKey(value);
  if (value === 0) return ZERO_KEY;
  throw new RangeError(`A histogram holds values from 0 upwards, not ${value}.`);
}

/**
 * Makes encoded histograms from values and from other encoded histograms. The write path makes
 * thousands per second, of a few values each. So this encoder counts them all in one window that it
 * reuses, and creates no histogram objects.
 */
export interface HistogramEncoder {
  /** Adds a value by its key from `valueKey`. */
  add(key: number): void;
  /** Adds an encoded histogram. */
  addEncoded(bytes: Uint8Array, offset: number, length: number): void;
  /**
   * Writes what was added in the form of `encodeHistogram`, then starts an empty histogram. Returns
   * the offset after the last byte. The target needs room for `MAX_ENCODED_HISTOGRAM` bytes.
   */
  write(target: Uint8Array, offset: number): number;
}

const KEY_COUNT = HIGHEST_KEY - LOWEST_KEY + 1;
/** The most bytes of a varint below 2^53, and of a distance between keys. */
const MAX_COUNT_BYTES = 8;
const MAX_DISTANCE_BYTES = 2;
export const MAX_ENCODED_HISTOGRAM = MAX_COUNT_BYTES + KEY_COUNT * (MAX_COUNT_BYTES + MAX_DISTANCE_BYTES);

export function createHistogramEncoder(): HistogramEncoder {
  /** How many values each key has. Index 0 is the key `LOWEST_KEY`. */
  const counts = new Float64Array(KEY_COUNT);
  let zeroes = 0;
  let first = KEY_COUNT;
  let last = -1;

  function addAt(index: number, times: number): void {
    counts[index] = (counts[index] ?? 0) + times;
    if (index < first) first = index;
    if (index > last) last = index;
  }

  return {
    add(key) {
      if (key === ZERO_KEY) zeroes++;
      else addAt(key - LOWEST_KEY, 1);
    },
    addEncoded(bytes, offset, length) {
      if (length === 0) return;
      const end = offset + length;
      zeroes += readVarint(bytes, offset);
      let position = afterVarint(bytes, offset);
      let index = 0;
      while (position < end) {
        index += readVarint(bytes, position);
        position = afterVarint(bytes, position);
        addAt(index, readVarint(bytes, position));
        position = afterVarint(bytes, position);
      }
    },
    write(target, offset) {
      let position = writeVarint(target, offset, zeroes);
      let before = 0;
      for (let index = first; index <= last; index++) {
        const times = counts[index] ?? 0;
        if (times === 0) continue;
        position = writeVarint(target, position, index - before);
        position = writeVarint(target, position, times);
        counts[index] = 0;
        before = index;
      }
      zeroes = 0;
      first = KEY_COUNT;
      last = -1;
      return position;
    },
  };
}

/** Writes an integer of 0 or more as an unsigned LEB128 varint. Returns the offset after it. */
export function writeVarint(target: Uint8Array, offset: number, value: number): number {
  let position = offset;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) target[position++] = (rest % 0x80) | 0x80;
  target[position++] = rest;
  return position;
}
