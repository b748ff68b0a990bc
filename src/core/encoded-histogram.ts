/**
 * The stored form of a histogram: the count of zeros, then for each bucket in use, in ascending
 * order of keys, the distance of its key from the key before it (at first from the lowest key) and
 * its count. All are unsigned LEB128 varints: 7 bits per byte, lowest first, the high bit set on
 * every byte but the last. There is no header and no length, because the column knows where it
 * ends. 100 buckets take about 200 bytes.
 */
import { addBucket, forEachBucket, HIGHEST_KEY, type Histogram, LOWEST_KEY } from './histogram.ts';

/** The stored form of a histogram. */
export function encodeHistogram(histogram: Histogram): Uint8Array {
  const bytes: number[] = [];
  pushVarint(bytes, histogram.zeroes);
  let keyBefore = LOWEST_KEY;
  forEachBucket(histogram, (key, times) => {
    pushVarint(bytes, key - keyBefore);
    pushVarint(bytes, times);
    keyBefore = key;
  });
  return Uint8Array.from(bytes);
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}

/**
 * Adds an encoded histogram, `length` bytes from `offset`, to `target`. Does not decode it to a
 * histogram first, because reading a series merges thousands. Allocates nothing once the target's
 * window covers the keys.
 *
 * @throws RangeError if the bytes are cut short or are not a histogram; the target is then
 *   unusable.
 */
export function mergeEncoded(
  target: Histogram,
  bytes: Uint8Array,
  offset = 0,
  length = bytes.length - offset,
): void {
  const end = offset + length;
  if (length === 0) return;
  if ((bytes[end - 1] ?? 0) >= 0x80) throw new RangeError('The encoded histogram ends inside a number.');
  const zeroes = readVarint(bytes, offset);
  target.zeroes += zeroes;
  target.count += zeroes;
  let position = afterVarint(bytes, offset);
  let key = LOWEST_KEY;
  // Nearly all numbers take one byte. Those are read inline, the others by a call.
  let { window, firstKey } = target;
  let inWindow = 0;
  while (position < end) {
    let distance = bytes[position] ?? 0;
    if (distance < 0x80) position++;
    else {
      distance = readVarint(bytes, position);
      position = afterVarint(bytes, position);
    }
    if (position >= end) throw new RangeError('The encoded histogram ends inside a bucket.');
    let times = bytes[position] ?? 0;
    if (times < 0x80) position++;
    else {
      times = readVarint(bytes, position);
      position = afterVarint(bytes, position);
    }
    key += distance;
    const index = key - firstKey;
    if (index >= 0 && index < window.length) {
      window[index] = (window[index] ?? 0) + times;
      inWindow += times;
    } else {
      if (key > HIGHEST_KEY)
        throw new RangeError(`The encoded histogram has a bucket ${key}: there is none.`);
      addBucket(target, key, times);
      ({ window, firstKey } = target);
    }
  }
  target.count += inWindow;
}

export function readVarint(bytes: Uint8Array, start: number): number {
  let position = start;
  let byte = bytes[position++] ?? 0;
  let value = byte & 0x7f;
  for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
    byte = bytes[position++] ?? 0;
    value += (byte & 0x7f) * scale;
  }
  return value;
}

export function afterVarint(bytes: Uint8Array, start: number): number {
  let position = start;
  while ((bytes[position] ?? 0) >= 0x80) position++;
  return position + 1;
}
