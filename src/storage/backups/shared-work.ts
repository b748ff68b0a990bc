/** Does one piece of work at a time. */
export interface SharedWork<Options, Value> {
  /**
   * Begins at once if nothing is running. Otherwise, all callers with the same key share the next
   * piece of work.
   */
  run(options: Options): Promise<Value>;
  /** Waits until nothing is running. */
  settled(): Promise<void>;
}

/** @param keyOf what those who share a piece of work have in common */
export function createSharedWork<Options, Value>(
  work: (options: Options) => Promise<Value>,
  keyOf: (options: Options) => unknown,
): SharedWork<Options, Value> {
  let running: Promise<Value> | null = null;
  const waiting = new Map<unknown, Promise<Value>>();

  function begin(options: Options): Promise<Value> {
    const begun = work(options).finally(() => {
      if (running === begun) running = null;
    });
    running = begun;
    return begun;
  }

  async function next(options: Options): Promise<Value> {
    // The caller of that work gets its error.
    while (running !== null) await running.catch(() => undefined);
    waiting.delete(keyOf(options));
    return begin(options);
  }

  return {
    run(options) {
      if (running === null) return begin(options);
      const shared = waiting.get(keyOf(options)) ?? next(options);
      waiting.set(keyOf(options), shared);
      return shared;
    },
    async settled() {
      await Promise.allSettled([running, ...waiting.values()]);
    },
  };
}
