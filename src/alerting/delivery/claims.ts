/** How an instance claims deliveries: for a while, no other instance makes them. */

/**
 * The key of `store.transact` for claiming deliveries and changing webhooks. A claim reads the
 * webhook as it stays until the commit. A transaction that disables or deletes a webhook sees which
 * deliveries were claimed before.
 *
 * A delivery claimed before is in progress: it may reach the old version of the webhook a moment
 * after the change was answered. It is recorded as sent, and not tried again.
 */
export const CLAIMS_KEY = 'alert-deliveries';

/**
 * How long a claim lasts, or longer while the database is slow (`Term`). Attempts in progress renew
 * it. If an instance dies, its deliveries wait this long.
 */
export const LEASE_MS = 10_000;
/** How often the claims of attempts in progress are renewed. */
export const RENEW_EVERY_MS = 3_000;

/**
 * An instance of a former version claims deliveries once, for this long. Such an instance may share
 * the database with this one.
 */
const FORMER_LEASE_MS = 60_000;

/** How long this instance claims deliveries. */
export interface Term {
  /** In milliseconds. */
  length(): number;
  /** Notes how long the database took to store a claim. While it is slow, claims last longer. */
  stored(tookMs: number): void;
  /** Whether a claim that ends in this many milliseconds can be renewed before. */
  hasTime(leftMs: number): boolean;
}

/** The limit, because a clock that was set forward looks like a slow database. */
const SLOWEST_MS = (FORMER_LEASE_MS - LEASE_MS) / 2;

/**
 * A claim begins before it is stored, and its renewal takes as long again. So it lasts twice that
 * longer.
 */
export function createTerm(): Term {
  let slowMs = 0;
  return {
    length: () => LEASE_MS + 2 * slowMs,
    stored(tookMs) {
      slowMs = Math.min(Math.max(tookMs, slowMs / 2), SLOWEST_MS);
    },
    hasTime: (leftMs) => leftMs > LEASE_MS / 2 + slowMs,
  };
}

/**
 * A claim that ends later than this is invalid: the clock of the instance that made it has been set
 * back since. Clocks that differ by less than a lease do no harm.
 */
export const LONGEST_MS = FORMER_LEASE_MS + LEASE_MS;

/**
 * The claim of a delivery in progress ends between these times, in epoch milliseconds. Any other
 * claim is invalid.
 */
export const claimEnds = (now: number) => ({ from: now, to: now + LONGEST_MS });

/** Selects unclaimed deliveries, for Prisma. */
export function unclaimed(now: Date) {
  const { from, to } = claimEnds(now.getTime());
  return {
    OR: [
      { claimedUntil: null },
      { claimedUntil: { lt: new Date(from) } },
      { claimedUntil: { gt: new Date(to) } },
    ],
  };
}
