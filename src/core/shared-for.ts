/**
 * Gives callers the same answer while it is being made, and for some time afterwards.
 *
 * @param now a monotonic clock, in milliseconds
 */
export function sharedFor<Value>(
  milliseconds: number,
  now: () => number,
  make: () => Promise<Value>,
): () => Promise<Value> {
  let shared: Promise<Value> | null = null;
  let madeAt = Number.POSITIVE_INFINITY;
  return () => {
    if (shared === null || now() - madeAt >= milliseconds) {
      madeAt = Number.POSITIVE_INFINITY;
      shared = make().finally(() => {
        madeAt = now();
      });
    }
    return shared;
  };
}
