/** The same items. Calls `leave` once, when the iterator has ended or its reader has left. */
export function whenLeft<Item>(
  items: AsyncIterableIterator<Item>,
  leave: () => void,
): AsyncIterableIterator<Item> {
  let hasLeft = false;
  const end = () => {
    if (!hasLeft) leave();
    hasLeft = true;
  };
  return {
    async next() {
      try {
        const result = await items.next();
        if (result.done) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    async return() {
      end();
      await items.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
