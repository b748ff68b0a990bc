import { randomInt } from 'node:crypto';

/**
 * Finds calls by span ids, which are 64-bit numbers. A `Map` keyed by text would hash and keep each
 * text, which takes a quarter of the time to read and map a span.
 */
export interface CallTable<Call> {
  /** The slot of a span; -1 if it is unknown. */
  find(high: number, low: number): number;
  /** The last call counted within the span at a slot. */
  inner(at: number): Call | undefined;
  /** The call counted for the span at a slot, or around it. */
  own(at: number): Call | undefined;
  setInner(high: number, low: number, call: Call): void;
  setOwn(high: number, low: number, call: Call): void;
  isFull(): boolean;
  clear(): void;
}

/** `capacity`: the number of spans at which the table is full. */
export function createCallTable<Call>(capacity: number): CallTable<Call> {
  // At most half of the slots are taken, so an id is found within a few of them.
  const bits = Math.ceil(Math.log2(capacity * 2));
  const size = 2 ** bits;
  const mask = size - 1;
  const shift = WORD_BITS - bits;
  // Random for each process, so that a sender cannot choose ids that collide.
  const [factor, otherFactor] = [randomFactor(), randomFactor()];
  // Two words for each slot. Both are 0 if it is free.
  const words = new Int32Array(size * 2);
  const inner = new Array<Call | undefined>(size).fill(undefined);
  const own = new Array<Call | undefined>(size).fill(undefined);
  let count = 0;

  /** The slot of an id, or the free slot where it would be. */
  function slotOf(high: number, low: number): number {
    let at = (Math.imul(low, factor) + Math.imul(high, otherFactor)) >>> shift;
    for (;;) {
      const [knownHigh, knownLow] = [words[at * 2], words[at * 2 + 1]];
      if ((knownLow === low && knownHigh === high) || (knownHigh === 0 && knownLow === 0)) return at;
      at = (at + 1) & mask;
    }
  }

  function take(high: number, low: number): number {
    const at = slotOf(high, low);
    if (words[at * 2] === 0 && words[at * 2 + 1] === 0) count++;
    words[at * 2] = high;
    words[at * 2 + 1] = low;
    return at;
  }

  return {
    find(high, low) {
      const at = slotOf(high, low);
      return words[at * 2] === 0 && words[at * 2 + 1] === 0 ? -1 : at;
    },
    inner: (at) => inner[at],
    own: (at) => own[at],
    setInner(high, low, call) {
      if (high !== 0 || low !== 0) inner[take(high, low)] = call;
    },
    setOwn(high, low, call) {
      if (high !== 0 || low !== 0) own[take(high, low)] = call;
    },
    isFull: () => count >= capacity,
    clear() {
      words.fill(0);
      inner.fill(undefined);
      own.fill(undefined);
      count = 0;
    },
  };
}

const WORD_BITS = 32;
/** An odd number: multiplying by it keeps different values different. */
const randomFactor = (): number => randomInt(2 ** (WORD_BITS - 1)) * 2 + 1;

/** The digits of half an id. */
const WORD_DIGITS = 8;

/**
 * The first half of an id in hexadecimal digits, as a number; 0 for an empty id, which no span has.
 */
export const highWord = (id: string): number => wordOf(id, 0, id.length - WORD_DIGITS);

/** The second half of an id. */
export const lowWord = (id: string): number => wordOf(id, Math.max(id.length - WORD_DIGITS, 0), id.length);

function wordOf(digits: string, start: number, end: number): number {
  let word = 0;
  for (let at = start; at < end; at++) {
    const code = digits.charCodeAt(at);
    word = (word << 4) | (((code & 15) + (code >>> 6) * 9) & 15);
  }
  return word;
}
