/**
 * Reads that know everything that was written before they were asked for. Calls share a read, if it
 * begins after them; at most one read runs, and one waits.
 */
export function createFreshReads(read: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  return function freshRead(): Promise<void> {
    if (running === null) {
      running = read().finally(() => {
        running = null;
      });
      return running;
    }
    // The read that runs may have missed what the caller has just written.
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        return freshRead();
      });
    return next;
  };
}
