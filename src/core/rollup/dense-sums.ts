import { writeVarint } from '../histogram-encoder.ts';
import { COUNT, MAX, MIN, SUM, SUM_STRIDE } from './cell-numbers.ts';

/**
 * The dense form of the sums of a cell. Each measure has a tag; its count, unless that equals the
 * count of the measure before it; and then sum, minimum and maximum, or a single number if the
 * three are equal. Whole numbers and whole thousandths are unsigned LEB128 varints; any other
 * number is a little-endian double.
 *
 * The tag: two bits each for the kinds of sum, minimum and maximum; `SAME_COUNT`; `EQUAL`.
 */
const WHOLE = 0;
const THOUSANDTHS = 1;
const DOUBLE = 2;
/** As the kind of the sum and, at the same time, the whole tag: no row has a value. */
const ABSENT = 3;
const KIND_MASK = 3;
const MIN_SHIFT = 2;
const MAX_SHIFT = 4;
const SAME_COUNT = 0x40;
const EQUAL = 0x80;

const SCALE = 1_000;
const BYTES_PER_DOUBLE = 8;
/** A tag, and four numbers of eight bytes. */
const MAX_BYTES_PER_MEASURE = 33;

/** Appends numbers to bytes that are large enough. */
interface Target {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  length: number;
}

/**
 * @param sums of whole measures
 * @param isOther whether bytes of this length are of another form; a measure without rows is then
 *   appended
 */
export function encodeDense(sums: Float64Array, isOther: (length: number) => boolean): Uint8Array {
  const bytes = new Uint8Array((sums.length / SUM_STRIDE) * MAX_BYTES_PER_MEASURE + 1);
  const target: Target = { bytes, view: new DataView(bytes.buffer), length: 0 };
  let countBefore = 0;
  for (let at = 0; at < sums.length; at += SUM_STRIDE) {
    const count = sums[at + COUNT] ?? 0;
    if (count === 0) {
      bytes[target.length++] = ABSENT;
      continue;
    }
    writeMeasure(target, sums, at, count === countBefore);
    countBefore = count;
  }
  if (isOther(target.length)) bytes[target.length++] = ABSENT;
  return bytes.slice(0, target.length);
}

function writeMeasure(target: Target, sums: Float64Array, at: number, isSameCount: boolean): void {
  const sum = sums[at + SUM] ?? 0;
  const min = sums[at + MIN] ?? 0;
  const max = sums[at + MAX] ?? 0;
  const isEqual = sum === min && sum === max;
  const sumKind = kindOf(sum);
  const minKind = isEqual ? 0 : kindOf(min);
  const maxKind = isEqual ? 0 : kindOf(max);
  const flags = (isEqual ? EQUAL : 0) | (isSameCount ? SAME_COUNT : 0);
  target.bytes[target.length++] = sumKind | (minKind << MIN_SHIFT) | (maxKind << MAX_SHIFT) | flags;
  if (!isSameCount) writeNumber(target, WHOLE, sums[at + COUNT] ?? 0);
  writeNumber(target, sumKind, sum);
  if (isEqual) return;
  writeNumber(target, minKind, min);
  writeNumber(target, maxKind, max);
}

function kindOf(value: number): number {
  if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) return DOUBLE;
  if (Math.floor(value) === value) return WHOLE;
  const thousandths = Math.floor(value * SCALE + 0.5);
  return thousandths / SCALE === value && thousandths <= Number.MAX_SAFE_INTEGER ? THOUSANDTHS : DOUBLE;
}

function writeNumber(target: Target, kind: number, value: number): void {
  if (kind === DOUBLE) {
    target.view.setFloat64(target.length, value, true);
    target.length += BYTES_PER_DOUBLE;
  } else {
    const whole = kind === WHOLE ? value : Math.floor(value * SCALE + 0.5);
    target.length = writeVarint(target.bytes, target.length, whole);
  }
}

/** Reads dense sums. It keeps its position, so it reads the sums of one cell at a time. */
export interface DenseReader {
  /**
   * Writes the numbers of the measures into `numbers`, as many as it has room for.
   *
   * @returns how many numbers it wrote
   * @throws RangeError if the bytes end within a measure
   */
  read(bytes: Uint8Array, start: number, end: number, numbers: Float64Array): number;
}

export function createDenseReader(): DenseReader {
  let position = 0;
  const double = new DataView(new ArrayBuffer(BYTES_PER_DOUBLE));

  function next(bytes: Uint8Array, kind: number): number {
    if (kind === DOUBLE) {
      for (let index = 0; index < BYTES_PER_DOUBLE; index++) double.setUint8(index, bytes[position++] ?? 0);
      return double.getFloat64(0, true);
    }
    let byte = bytes[position++] ?? 0;
    let whole = byte & 0x7f;
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      byte = bytes[position++] ?? 0;
      whole += (byte & 0x7f) * scale;
    }
    return kind === THOUSANDTHS ? whole / SCALE : whole;
  }

  return {
    read(bytes, start, end, numbers) {
      position = start;
      let count = 0;
      let at = 0;
      for (; position < end && at + SUM_STRIDE <= numbers.length; at += SUM_STRIDE) {
        const tag = bytes[position++] ?? 0;
        if (tag === ABSENT) {
          numbers[at + COUNT] = 0;
          numbers[at + SUM] = 0;
          numbers[at + MIN] = Number.POSITIVE_INFINITY;
          numbers[at + MAX] = Number.NEGATIVE_INFINITY;
          continue;
        }
        if ((tag & SAME_COUNT) === 0) count = next(bytes, WHOLE);
        const sum = next(bytes, tag & KIND_MASK);
        const isEqual = (tag & EQUAL) !== 0;
        numbers[at + COUNT] = count;
        numbers[at + SUM] = sum;
        numbers[at + MIN] = isEqual ? sum : next(bytes, (tag >> MIN_SHIFT) & KIND_MASK);
        numbers[at + MAX] = isEqual ? sum : next(bytes, (tag >> MAX_SHIFT) & KIND_MASK);
      }
      if (position > end) throw new RangeError('The sums of a cell end within the numbers of a measure.');
      return at;
    },
  };
}
