/**
 * First in, first out, at most `capacity` items: one too many drops the oldest. All operations take
 * constant time.
 */
export interface BoundedQueue<Item> {
  readonly size: number;
  /** True when the oldest item had to go. */
  push(item: Item): boolean;
  /** The oldest item; undefined when there is none. */
  shift(): Item | undefined;
  clear(): void;
}

/** `capacity` is at least 1. Memory grows with what waits, not with the capacity. */
export function createBoundedQueue<Item>(capacity: number): BoundedQueue<Item> {
  if (!(capacity >= 1)) throw new RangeError(`A queue for ${capacity} items holds nothing`);
  // A ring: positions run on for ever, the item of position p stands at p modulo the capacity.
  let items: (Item | undefined)[] = [];
  let first = 0;
  let end = 0;

  function shift(): Item | undefined {
    if (first === end) return undefined;
    const item = items[first % capacity];
    items[first % capacity] = undefined;
    first += 1;
    return item;
  }

  return {
    get size() {
      return end - first;
    },
    push(item) {
      const full = end - first === capacity;
      if (full) shift();
      items[end % capacity] = item;
      end += 1;
      return full;
    },
    shift,
    clear() {
      items = [];
      first = 0;
      end = 0;
    },
  };
}
