/**
 * The items of each value of a source, one by one: the source of a subscription that tells of the parts of a whole. The next value
 * is only asked for when all items of the one before were taken, so a source that keeps the newest value alone is never
 * read ahead of a slow subscriber. An error of the source ends it.
 */
export function eachItem<Value, Item>(
  source: AsyncIterableIterator<Value>,
  itemsOf: (value: Value) => readonly Item[],
): AsyncIterableIterator<Item> {
  let items: Item[] = [];
  // Reads may overlap; they are answered in order.
  let turn: Promise<unknown> = Promise.resolve();

  async function advance(): Promise<IteratorResult<Item>> {
    while (items.length === 0) {
      const { done, value } = await source.next();
      if (done) return { done: true, value: undefined };
      items = [...itemsOf(value)].reverse();
    }
    return { done: false, value: items.pop() as Item };
  }

  return {
    next() {
      const result = turn.then(advance);
      turn = result.catch(() => undefined);
      return result;
    },
    async return() {
      items = [];
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
