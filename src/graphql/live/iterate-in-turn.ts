/** What an iterator does, one thing after another. */
export interface Steps<Item> {
  /** The next item. Called again only when the call before is answered. */
  advance(): Promise<IteratorResult<Item>>;
  /**
   * Called when the reader has had enough, also while `advance` is running, which must then come to
   * an end.
   */
  end(): void | Promise<void>;
}

/**
 * An iterator whose reads may overlap: they are answered in order. The source of a subscription.
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
