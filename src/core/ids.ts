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
const MOST_BYTES_PER_ID = 10;
const RANDOM_POOL_SIZE = 4096;
/** The largest time of 48 bits. */
const LAST_TIME = 2 ** 48 - 1;
const DIGITS: Uint8Array = Buffer.from('0123456789abcdef', 'latin1');

/**
 * An endless source of ascending UUIDv7. They ascend also within one millisecond and when the clock
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
  // One buffer is kept and overwritten. That is four times as fast as joining strings, and the
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
      if (used + MOST_BYTES_PER_ID > pool.length) {
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
  const digest = hash('sha256', JSON.stringify([projectId, dataset, key]), 'hex');
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return (
    `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}` +
    `-${variant}${digest.slice(18, 20)}-${digest.slice(20, 32)}`
  );
}

/** What identifies an event. */
interface EventKey {
  readonly projectId: string;
  readonly dataset: string;
  readonly key: string;
}

/**
 * The id of an event that is identified by a key, and that has a time: as `derivedId`, but its first
 * 48 bits are the time, as in UUIDv7. Ids of one time are neighbours in the index, and the same
 * event always has the same id.
 *
 * @param timeMs epoch milliseconds; fractions do not count
 */
export function derivedIdAt(timeMs: number, { projectId, dataset, key }: EventKey): string {
  const time = Math.floor(Math.min(Math.max(timeMs, 0), LAST_TIME))
    .toString(16)
    .padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${derivedId(projectId, dataset, key).slice(13)}`;
}
