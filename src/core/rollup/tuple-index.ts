/** Assigns numbers to tuples of 32-bit integers in the order in which they first appear. */
export interface TupleIndex {
  /** The caller fills this with the tuple to look up. */
  readonly tuple: Int32Array;
  /** The number of the tuple. A new tuple gets the number of tuples before it. */
  find(): number;
}

const INITIAL_CAPACITY = 64;
/** Odd multipliers with well-spread bits (from MurmurHash3's finalizer). */
const MULTIPLIER = 0x85ebca6b;
const FINAL_MULTIPLIER = 0xc2b2ae35;

/**
 * An open-addressing hash table. The fold looks up a tuple per row and rollup set; integers are
 * several times faster than string keys.
 */
export function createTupleIndex(width: number): TupleIndex {
  const tuple = new Int32Array(width);
  let known = new Int32Array(INITIAL_CAPACITY * width);
  /**
   * Number + 1 of the tuple in each slot; 0 means that the slot is free. There are at least twice
   * as many slots as tuples.
   */
  let slots = new Int32Array(INITIAL_CAPACITY * 2);
  let size = 0;

  function hashOf(source: Int32Array, start: number): number {
    let hash = 0;
    for (let slot = 0; slot < width; slot++) {
      hash = Math.imul(hash ^ (source[start + slot] ?? 0), MULTIPLIER);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, FINAL_MULTIPLIER);
    return hash ^ (hash >>> 16);
  }

  function isTuple(number: number): boolean {
    const start = number * width;
    for (let slot = 0; slot < width; slot++) if (known[start + slot] !== tuple[slot]) return false;
    return true;
  }

  function grow(): void {
    const more = new Int32Array(known.length * 2);
    more.set(known);
    known = more;
    slots = new Int32Array(slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < size; number++) {
      let slot = hashOf(known, number * width) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
  }

  return {
    tuple,
    find() {
      const mask = slots.length - 1;
      let slot = hashOf(tuple, 0) & mask;
      for (let entry = slots[slot] ?? 0; entry !== 0; entry = slots[slot] ?? 0) {
        if (isTuple(entry - 1)) return entry - 1;
        slot = (slot + 1) & mask;
      }
      known.set(tuple, size * width);
      slots[slot] = size + 1;
      if (size + 1 === slots.length / 2) {
        size++;
        grow();
        return size - 1;
      }
      return size++;
    },
  };
}
