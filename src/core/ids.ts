import { hash, randomBytes as nodeRandomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import { defined } from './defined.ts';

/** Makes ids for events and states that arrive without one. */
export interface IdSource {
  /** A UUIDv7 in canonical lower-case form, greater than every earlier id of this source. */
  next(): string;
}

const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const COUNTER_LIMIT = 0x1000;
/** Two bytes for the start of the counter, eight for the random half of an id. */
const MAX_BYTES_PER_ID = 10;
const RANDOM_POOL_SIZE = 4096;
/** The largest time of 48 bits. */
const LAST_TIME = 2 ** 48 - 1;
const DIGITS: Uint8Array = Buffer.from('0123456789abcdef', 'latin1');

/**
 * An endless source of ascending UUIDv7. They ascend even within one millisecond and when the clock
 * steps back: RFC 9562, section 6.2, method 1, with a 12-bit counter in `rand_a` that starts each
 * millisecond at a random value below 2048. When the counter overflows, ids use the next
 * millisecond before the clock reaches it.
 *
 * Outside tests `randomBytes(size)` must be a cryptographic source: 62 bits of every id come from
 * it alone.
 */
export function createIdSource(
  clock: Clock,
  randomBytes: (size: number) => Uint8Array = nodeRandomBytes,
): IdSource {
  // One buffer is kept and overwritten. This is four times as fast as joining strings, and the
  // result is a flat string, not a rope.
  const text = Buffer.from('00000000-0000-7000-8000-000000000000', 'latin1');
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  let millisecond = -1;
  let counter = 0;

  function startMillisecond(value: number): void {
    millisecond = value;
    counter = ((defined(pool[used]) << 8) | defined(pool[used + 1])) & 0x7ff;
    used += 2;
    const digits = value.toString(16).padStart(12, '0');
    text.write(`${digits.slice(0, 8)}-${digits.slice(8)}`, 0, 'latin1');
  }

  return {
    next() {
      if (used + MAX_BYTES_PER_ID > pool.length) {
        pool = randomBytes(RANDOM_POOL_SIZE);
        used = 0;
      }
      const now = clock.now();
      if (now > millisecond) startMillisecond(now);
      else if (counter + 1 === COUNTER_LIMIT) startMillisecond(millisecond + 1);
      else counter++;
      text[15] = defined(DIGITS[counter >> 8]);
      writeByte(text, 16, counter & 0xff);
      writeByte(text, 19, (defined(pool[used++]) & 0x3f) | 0x80);
      writeByte(text, 21, defined(pool[used++]));
      for (let at = 24; at < 36; at += 2) writeByte(text, at, defined(pool[used++]));
      return text.toString('latin1');
    },
  };
}

function writeByte(text: Uint8Array, at: number, byte: number): void {
  text[at] = defined(DIGITS[byte >> 4]);
  text[at + 1] = defined(DIGITS[byte & 0x0f]);
}

/**
 * Whether the text is a UUID of any version in canonical form (8-4-4-4-12 hexadecimal digits of
 * either case).
 */
export function isUuid(text: string): boolean {
  return text.length === 36 && CANONICAL_UUID.test(text);
}

/**
 * The one form in which UUIDs are stored and compared: lower case. Takes a text for which `isUuid`
 * is true.
 */
export function normalizeUuid(text: string): string {
  return text.toLowerCase();
}

/**
 * The id of an event with a natural key, such as the `requestId` of a request log. The same
 * project, dataset and key always give the same id, so the primary key alone makes storing
 * idempotent. It is a UUIDv8 (RFC 9562, section 5.8) of the first 122 bits of the SHA-256 of the
 * JSON array of the three, an encoding in which no two triples collide.
 */
export function derivedId(projectId: string, dataset: string, key: string): string {
  digest(projectId, dataset, key);
  return DERIVED.toString('latin1');
}

/** What identifies an event. */
interface EventKey {
  readonly projectId: string;
  readonly dataset: string;
  readonly key: string;
}

/**
 * The id of an event that is identified by a key and has a time: like `derivedId`, but its first 48
 * bits are the time, as in UUIDv7. Ids of one time are neighbours in the index, and the same event
 * always has the same id.
 *
 * @param timeMs epoch milliseconds; fractions do not count
 */
export function derivedIdAt(timeMs: number, { projectId, dataset, key }: EventKey): string {
  digest(projectId, dataset, key);
  let rest = Math.floor(Math.min(Math.max(timeMs, 0), LAST_TIME));
  for (let index = TIME_BYTES - 1; index >= 0; index--) {
    writeByte(DERIVED, defined(BYTE_OFFSETS[index]), rest % 0x100);
    rest = Math.floor(rest / 0x100);
  }
  return DERIVED.toString('latin1');
}

/** Overwritten by each derived id, like the buffer of an id source. */
const DERIVED = Buffer.from('00000000-0000-8000-8000-000000000000', 'latin1');
/** The offsets at which the 16 bytes of a UUID begin in its text. */
const BYTE_OFFSETS: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const TIME_BYTES = 6;
const VERSION_BYTE = 6;
const VARIANT_BYTE = 8;

/** Writes the id of a key to `DERIVED`. */
function digest(projectId: string, dataset: string, key: string): void {
  // One character per byte.
  const bytes = hash('sha256', JSON.stringify([projectId, dataset, key]), 'binary');
  for (let index = 0; index < BYTE_OFFSETS.length; index++)
    writeByte(DERIVED, defined(BYTE_OFFSETS[index]), bytes.charCodeAt(index));
  writeByte(DERIVED, defined(BYTE_OFFSETS[VERSION_BYTE]), (bytes.charCodeAt(VERSION_BYTE) & 0x0f) | 0x80);
  writeByte(DERIVED, defined(BYTE_OFFSETS[VARIANT_BYTE]), (bytes.charCodeAt(VARIANT_BYTE) & 0x3f) | 0x80);
}
