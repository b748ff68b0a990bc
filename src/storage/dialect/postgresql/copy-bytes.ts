/** The first bytes of binary `COPY`: a signature, no flags, no extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const END = -1;
const ABSENT = -1;
/** PostgreSQL counts from 2000-01-01 UTC. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** The format of jsonb in binary. */
const JSONB_VERSION = 1;
const MOST_BYTES_PER_CHARACTER = 3;
const HIGH = 2 ** 32;
/** About; the buffer grows. */
const BYTES_PER_FIELD = 12;

/** Bytes in the binary format of `COPY`. Each value stands behind its length. */
export interface Bytes {
  header(): void;
  /** Begins a row. */
  fields(count: number): void;
  end(): void;
  absent(): void;
  text(value: string): void;
  jsonb(value: string): void;
  uuid(value: string): void;
  int4(value: number): void;
  int8(value: number): void;
  float8(value: number): void;
  boolean(value: boolean): void;
  /** Epoch milliseconds. */
  timestamp(value: number): void;
  /** How many were written. */
  length(): number;
  /** Replaces what `int8` wrote at that length. */
  setInt8(at: number, value: number): void;
  written(): Uint8Array;
}

export function createBytes(fields: number): Bytes {
  let buffer = Buffer.allocUnsafe(HEADER.length + fields * BYTES_PER_FIELD);
  let size = 0;

  function reserve(bytes: number): void {
    if (size + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, size + bytes));
    buffer.copy(larger, 0, 0, size);
    buffer = larger;
  }

  // Whoever reserves takes the place first and then writes: `buffer` may be another one by then.

  /** Reserves a value of this length behind its length; returns where it begins. */
  function begin(length: number): number {
    reserve(4 + length);
    buffer.writeInt32BE(length, size);
    const at = size + 4;
    size = at + length;
    return at;
  }

  /** Writes text behind its length in bytes, and behind `before` further bytes. */
  function writeText(value: string, before: number): number {
    reserve(4 + before + value.length * MOST_BYTES_PER_CHARACTER);
    const at = size + 4;
    const length = before + buffer.write(value, at + before, 'utf8');
    buffer.writeInt32BE(length, size);
    size = at + length;
    return at;
  }

  /** Whole numbers of JavaScript have 53 bits, so two halves hold them. */
  function setWide(at: number, value: number): void {
    buffer.writeInt32BE(Math.floor(value / HIGH), at);
    buffer.writeInt32BE(value | 0, at + 4);
  }

  function int8(value: number): void {
    setWide(begin(8), value);
  }

  return {
    header() {
      reserve(HEADER.length);
      size += HEADER.copy(buffer, size);
    },
    fields(count) {
      reserve(2);
      size = buffer.writeInt16BE(count, size);
    },
    end() {
      reserve(2);
      size = buffer.writeInt16BE(END, size);
    },
    absent() {
      reserve(4);
      size = buffer.writeInt32BE(ABSENT, size);
    },
    text: (value) => void writeText(value, 0),
    jsonb(value) {
      const at = writeText(value, 1);
      buffer[at] = JSONB_VERSION;
    },
    uuid(value) {
      const at = begin(16);
      buffer.write(value.replaceAll('-', ''), at, 'hex');
    },
    int4(value) {
      const at = begin(4);
      buffer.writeInt32BE(value, at);
    },
    int8,
    float8(value) {
      const at = begin(8);
      buffer.writeDoubleBE(value, at);
    },
    boolean(value) {
      const at = begin(1);
      buffer.writeInt8(Number(value), at);
    },
    timestamp: (value) => int8((value - EPOCH_MS) * 1000),
    length: () => size,
    setInt8: (at, value) => setWide(at + 4, value),
    written: () => buffer.subarray(0, size),
  };
}
