/** The steps of an iterator. Calls of `advance` never overlap. */
export interface Steps<Item> {
  /** Returns the next item. Called again only after the last call has settled. */
  advance(): Promise<IteratorResult<Item>>;
  /**
   * Called when the reader stops, even while `advance` is running. A running `advance` must then
   * settle.
   */
  end(): void | Promise<void>;
}

/**
 * The source of a subscription: an iterator that accepts overlapping reads and answers them in
 * order.
 */
export function iterateInTurn<Item>({ advance, end }: Steps<Item>): AsyncIterableIterator<Item> {
  let turn: Promise<unknown> = Promise.resolve();
  return {
    next() {
      const result = turn.then(advance);
      turn = result.catch(() => undefined);
      return result;
    },
    async return() {
      await end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
