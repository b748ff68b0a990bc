import { BinaryReader } from '@bufbuild/protobuf/wire';
import { createEntryCount } from './entry-count.ts';

/** The wire types of fields: the last three bits of a tag. */
const VARINT = 0;
const BITS_64 = 1;
const LENGTH = 2;

/** The tags of fields by their numbers, as the switch of a decoder needs them. */
export const lengthTag = (field: number): number => (field << 3) | LENGTH;
export const varintTag = (field: number): number => (field << 3) | VARINT;
export const bits64Tag = (field: number): number => (field << 3) | BITS_64;

const NANOSECONDS = 1e6;
const HIGH_WORD = 2 ** 32;
/** A varint of four bytes has 28 bits. */
const SMALL_VARINT_BYTES = 4;

/**
 * Reads messages of protobuf in place: without an object or a view of the bytes per field, which
 * would cost more than the rest of it. A decoder is a loop until the end of its message, with a
 * switch over tags.
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
   * The position at which the message ends whose length is read next. `outer`: that of the message
   * around it.
   */
  messageEnd(outer: number): number {
    const length = this.uint32();
    const end = this.pos + length;
    if (end > outer) throw new RangeError('A message is longer than the one around it');
    return end;
  }

  /**
   * As `messageEnd`, for a message that is one of several: it is counted.
   *
   * @throws InvalidArgument if the whole request has too many
   */
  entryEnd(outer: number): number {
    this.#entries.add(1);
    return this.messageEnd(outer);
  }

  /** Skips a field that is not known, of any type. */
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

  /** A signed integer of 64 bits; beyond 2^53, about. */
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

  /** A signed integer of 64 bits in eight bytes. */
  fixedInteger(): number {
    const low = this.fixed32();
    return this.sfixed32() * HIGH_WORD + low;
  }

  /** Nanoseconds in eight bytes, as milliseconds. */
  time(): number {
    const low = this.fixed32();
    return (this.fixed32() * HIGH_WORD + low) / NANOSECONDS;
  }

  /** Passes a field with a length. @returns where its bytes begin */
  #take(): number {
    const length = this.uint32();
    const start = this.pos;
    this.pos += length;
    if (this.pos > this.len) throw new RangeError('The body ends within a field');
    return start;
  }
}

/** Reads texts, and remembers short ones: names of attributes and of models come again and again. */
export interface Texts {
  read(buffer: Buffer, start: number, end: number): string;
}

/** A power of two, so that a hash finds its place by its bits. */
const SLOTS = 2048;
const LONGEST_REMEMBERED = 40;

/** The texts of one process. Its memory is bounded: a text takes the place of the one that was there. */
export function createTexts(): Texts {
  const remembered: string[] = new Array(SLOTS).fill('');
  return {
    read(buffer, start, end) {
      const length = end - start;
      if (length > LONGEST_REMEMBERED) return buffer.toString('utf8', start, end);
      // Of some bytes and the last one: names that have them all in common are rare, and only read anew.
      const step = (length >>> 3) + 1;
      let hash = Math.imul(length, 31) + (buffer[end - 1] ?? 0);
      for (let at = start; at < end; at += step) hash = (Math.imul(hash, 31) + (buffer[at] ?? 0)) | 0;
      const slot = (hash ^ (hash >>> 11)) & (SLOTS - 1);
      const candidate = remembered[slot] ?? '';
      if (isSame(candidate, buffer, start, end)) return candidate;
      const text = buffer.toString('utf8', start, end);
      // Of others the characters are not the bytes.
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
