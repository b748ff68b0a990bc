/** The first bytes of binary `COPY`: a signature, no flags, no extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const END = -1;
const ABSENT = -1;
/** PostgreSQL counts from 2000-01-01 UTC. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** The version of jsonb's binary format. */
const JSONB_VERSION = 1;
const MAX_BYTES_PER_CHARACTER = 3;
const HIGH = 2 ** 32;
/** Texts with up to this many characters are written one by one. */
const SHORT = 24;
const LAST_ASCII = 0x7f;
/** An estimate; the buffer grows. */
const BYTES_PER_FIELD = 12;

/** Bytes in the binary format of `COPY`. Each value is preceded by its length. */
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
  /** How many bytes were written. */
  length(): number;
  /** Replaces what `int8` wrote at that length. */
  setInt8(at: number, value: number): void;
  written(): Uint8Array;
}

export function createBytes(fields: number): Bytes {
  const space = createSpace(HEADER.length + fields * BYTES_PER_FIELD);

  function int8(value: number): void {
    setWide(space, begin(space, 8), value);
  }

  return {
    header() {
      reserve(space, HEADER.length);
      space.size += HEADER.copy(space.buffer, space.size);
    },
    fields(count) {
      reserve(space, 2);
      space.view.setInt16(space.size, count);
      space.size += 2;
    },
    end() {
      reserve(space, 2);
      space.view.setInt16(space.size, END);
      space.size += 2;
    },
    absent() {
      reserve(space, 4);
      space.view.setInt32(space.size, ABSENT);
      space.size += 4;
    },
    text: (value) => void writeText(space, value, 0),
    jsonb(value) {
      const at = writeText(space, value, 1);
      space.buffer[at] = JSONB_VERSION;
    },
    uuid(value) {
      const at = begin(space, 16);
      space.buffer.write(value.replaceAll('-', ''), at, 'hex');
    },
    int4(value) {
      // A view would silently drop the bits that do not fit.
      if (value !== (value | 0)) throw new RangeError(`${value} is no whole number of 32 bits.`);
      const at = begin(space, 4);
      space.view.setInt32(at, value);
    },
    int8,
    float8(value) {
      const at = begin(space, 8);
      space.view.setFloat64(at, value);
    },
    boolean(value) {
      const at = begin(space, 1);
      space.view.setInt8(at, Number(value));
    },
    timestamp: (value) => int8((value - EPOCH_MS) * 1000),
    length: () => space.size,
    setInt8: (at, value) => setWide(space, at + 4, value),
    written: () => space.buffer.subarray(0, space.size),
  };
}

/** A buffer that grows, and how many of its bytes are written. */
interface Space {
  buffer: Buffer;
  /** A view of the buffer: its methods are compiled inline, while those of `Buffer` are calls. */
  view: DataView;
  size: number;
}

function createSpace(bytes: number): Space {
  const buffer = Buffer.allocUnsafe(bytes);
  return { buffer, view: viewOf(buffer), size: 0 };
}

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView =>
  new DataView(buffer, byteOffset, byteLength);

function reserve(space: Space, bytes: number): void {
  if (space.size + bytes <= space.buffer.length) return;
  const larger = Buffer.allocUnsafe(Math.max(space.buffer.length * 2, space.size + bytes));
  space.buffer.copy(larger, 0, 0, space.size);
  space.buffer = larger;
  space.view = viewOf(larger);
}

// Reserve first, then write: reserving may replace `space.buffer`.

/** Reserves a value of this length, preceded by its length; returns where it begins. */
function begin(space: Space, length: number): number {
  reserve(space, 4 + length);
  space.view.setInt32(space.size, length);
  const at = space.size + 4;
  space.size = at + length;
  return at;
}

/** Writes text, preceded by its length in bytes and by `before` further bytes. */
function writeText(space: Space, value: string, before: number): number {
  reserve(space, 4 + before + value.length * MAX_BYTES_PER_CHARACTER);
  const at = space.size + 4;
  const written = value.length <= SHORT ? writeShort(space.buffer, value, at + before) : -1;
  const length = before + (written === -1 ? space.buffer.write(value, at + before, 'utf8') : written);
  space.view.setInt32(space.size, length);
  space.size = at + length;
  return at;
}

/**
 * Writes ASCII, which takes less time than calling a native function; -1 if the text has other
 * characters.
 */
function writeShort(buffer: Uint8Array, value: string, at: number): number {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code > LAST_ASCII) return -1;
    buffer[at + index] = code;
  }
  return value.length;
}

/** Whole numbers in JavaScript have 53 bits, so two halves hold them. */
function setWide(space: Space, at: number, value: number): void {
  space.view.setInt32(at, Math.floor(value / HIGH));
  space.view.setInt32(at + 4, value | 0);
}
