/** Limits what unknown keys cost: the minimum time between two refreshes that they cause. */
const UNKNOWN_EVERY_MS = 250;

/** Calls `look`. If it finds nothing, refreshes and calls it again. */
export type FindFresh = <Found>(find: () => Found | null) => Promise<Found | null>;

/**
 * Finds what another instance may have created a moment ago.
 *
 * @param elapsed a monotonic clock, in milliseconds
 */
export function createFreshFinds(refresh: () => Promise<void>, elapsed: () => number): FindFresh {
  let askedAt = Number.NEGATIVE_INFINITY;
  return async (find) => {
    const found = find();
    if (found !== null || elapsed() - askedAt < UNKNOWN_EVERY_MS) return found;
    askedAt = elapsed();
    await refresh();
    return find();
  };
}
