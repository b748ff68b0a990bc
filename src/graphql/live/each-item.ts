import { iterateInTurn } from './iterate-in-turn.ts';

/**
 * Yields the items of each value of a source one by one, for a subscription that delivers parts of
 * a whole. It reads the next value only after the subscriber took all items of the last one. So it
 * never reads ahead of a slow subscriber from a source that keeps only the newest value. An error
 * of the source ends the iterator.
 */
export function eachItem<Value, Item>(
  source: AsyncIterableIterator<Value>,
  itemsOf: (value: Value) => readonly Item[],
): AsyncIterableIterator<Item> {
  let items: Iterator<Item> = [].values();

  async function advance(): Promise<IteratorResult<Item>> {
    for (;;) {
      const item = items.next();
      if (!item.done) return item;
      const { done, value } = await source.next();
      if (done) return { done: true, value: undefined };
      items = itemsOf(value)[Symbol.iterator]();
    }
  }

  return iterateInTurn({
    advance,
    async end() {
      items = [].values();
      await source.return?.();
    },
  });
}
