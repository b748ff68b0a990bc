import { iterateInTurn } from './iterate-in-turn.ts';

/**
 * The items of each value of a source, one by one: the source of a subscription that tells of the
 * parts of a whole. The next value is only asked for when all items of the one before were taken,
 * so a source that keeps the newest value alone is never read ahead of a slow subscriber. An error
 * of the source ends it.
 */
export function eachItem<Value, Item>(
  source: AsyncIterableIterator<Value>,
  itemsOf: (value: Value) => readonly Item[],
): AsyncIterableIterator<Item> {
  let items: Item[] = [];

  async function advance(): Promise<IteratorResult<Item>> {
    while (items.length === 0) {
      const { done, value } = await source.next();
      if (done) return { done: true, value: undefined };
      items = [...itemsOf(value)].reverse();
    }
    return { done: false, value: items.pop() as Item };
  }

  return iterateInTurn({
    advance,
    async end() {
      items = [];
      await source.return?.();
    },
  });
}
