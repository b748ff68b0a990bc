/**
 * A FIFO queue of at most `capacity` items. When it is full, `push` drops the oldest. All
 * operations take constant time.
 */
export interface BoundedQueue<Item> {
  readonly size: number;
  /** Returns true if the oldest item was dropped. */
  push(item: Item): boolean;
  /** Removes and returns the oldest item; undefined if there is none. */
  shift(): Item | undefined;
  clear(): void;
}

/** `capacity` must be at least 1. Memory grows with the waiting items, not with the capacity. */
export function createBoundedQueue<Item>(capacity: number): BoundedQueue<Item> {
  if (!(capacity >= 1)) throw new RangeError(`A queue for ${capacity} items holds nothing`);
  // A ring: positions only grow, and the item of position p is at index p modulo the capacity.
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
