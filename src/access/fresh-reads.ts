/**
 * Reads that see everything written before they were requested. Calls share a read that begins
 * after them. At most one read runs, and one waits.
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
    // The running read may have missed what the caller has just written.
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        return freshRead();
      });
    return next;
  };
}
