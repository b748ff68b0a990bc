import { BinaryReader } from '@bufbuild/protobuf/wire';
import { createEntryCount } from './entry-count.ts';

/** The wire types of fields: the last three bits of a tag. */
const VARINT = 0;
const BITS_64 = 1;
const LENGTH = 2;

/** The tag of a field number, as the switch of a decoder needs it. */
export const lengthTag = (field: number): number => (field << 3) | LENGTH;
export const varintTag = (field: number): number => (field << 3) | VARINT;
export const bits64Tag = (field: number): number => (field << 3) | BITS_64;

const NANOSECONDS = 1e6;
const HIGH_WORD = 2 ** 32;
/** A varint of four bytes holds 28 bits. */
const SMALL_VARINT_BYTES = 4;

/**
 * Reads protobuf messages in place, without an object or a view per field, which would cost more
 * than everything else. A decoder loops to the end of its message, with a switch over tags.
 */
export class WireReader extends BinaryReader {
  readonly #buffer: Buffer;
  readonly #texts: Texts;
  readonly #entries = createEntryCount();

  constructor(buffer: Buffer, texts: Texts) {
    super(buffer);
    this.#buffer = buffer;
    this.#texts = texts;
  }

  /**
   * The end of the message whose length is read next. `outer`: the end of the message around it.
   */
  messageEnd(outer: number): number {
    const length = this.uint32();
    const end = this.pos + length;
    if (end > outer) throw new RangeError('A message is longer than the one around it');
    return end;
  }

  /**
   * Like `messageEnd`, for a repeated message, which is counted.
   *
   * @throws InvalidArgument if the whole request has too many
   */
  entryEnd(outer: number): number {
    this.#entries.add(1);
    return this.messageEnd(outer);
  }

  /** Skips an unknown field of any type. */
  skipField(tag: number): void {
    this.skip(tag & 7, tag >>> 3);
  }

  /** Checks that the fields of a message have ended where it ends. */
  expectEnd(end: number): void {
    if (this.pos !== end) throw new RangeError('A field is longer than its message');
  }

  text(): string {
    const start = this.#take();
    return this.#texts.read(this.#buffer, start, this.pos);
  }

  /** Bytes as hexadecimal digits. */
  hex(): string {
    const start = this.#take();
    return this.#buffer.toString('hex', start, this.pos);
  }

  base64(): string {
    const start = this.#take();
    return this.#buffer.toString('base64', start, this.pos);
  }

  /** A signed 64-bit integer; approximate beyond 2^53. */
  integer(): number {
    let value = 0;
    for (let index = 0; index < SMALL_VARINT_BYTES; index++) {
      const byte = this.#buffer[this.pos + index] ?? 0;
      value |= (byte & 0x7f) << (7 * index);
      if (byte < 0x80) {
        this.pos += index + 1;
        return value;
      }
    }
    return Number(this.int64());
  }

  /** A signed 64-bit integer in eight bytes. */
  fixedInteger(): number {
    const low = this.fixed32();
    return this.sfixed32() * HIGH_WORD + low;
  }

  /** Nanoseconds in eight bytes, as milliseconds. */
  time(): number {
    const low = this.fixed32();
    return (this.fixed32() * HIGH_WORD + low) / NANOSECONDS;
  }

  /** Skips a field with a length. @returns where its bytes begin */
  #take(): number {
    const length = this.uint32();
    const start = this.pos;
    this.pos += length;
    if (this.pos > this.len) throw new RangeError('The body ends within a field');
    return start;
  }
}

/** Reads texts and caches short ones: names of attributes and of models recur. */
export interface Texts {
  read(buffer: Buffer, start: number, end: number): string;
}

/** A power of two, so that the bits of a hash give the slot. */
const SLOTS = 2048;
const LONGEST_REMEMBERED = 40;

/**
 * The text cache of a process. Its memory is bounded: a text replaces the previous one in its slot.
 */
export function createTexts(): Texts {
  const remembered: string[] = new Array(SLOTS).fill('');
  return {
    read(buffer, start, end) {
      const length = end - start;
      if (length > LONGEST_REMEMBERED) return buffer.toString('utf8', start, end);
      // Hashes some of the bytes and the last one. Names that share all of these are rare, and are
      // just decoded again.
      const step = (length >>> 3) + 1;
      let hash = Math.imul(length, 31) + (buffer[end - 1] ?? 0);
      for (let at = start; at < end; at += step) hash = (Math.imul(hash, 31) + (buffer[at] ?? 0)) | 0;
      const slot = (hash ^ (hash >>> 11)) & (SLOTS - 1);
      const candidate = remembered[slot] ?? '';
      if (isSame(candidate, buffer, start, end)) return candidate;
      const text = buffer.toString('utf8', start, end);
      // Only for ASCII texts are the characters equal to the bytes.
      if (text.length === length) remembered[slot] = text;
      return text;
    },
  };
}

function isSame(text: string, buffer: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let at = start, index = 0; at < end; at++, index++) {
    if (text.charCodeAt(index) !== buffer[at]) return false;
  }
  return true;
}
