/** How an instance takes deliveries: nobody else makes them for a while. */

/**
 * The key of `store.transact` under which deliveries are taken and webhooks are changed: who takes
 * some reads the webhook as it is until the commit, and who disables or deletes a webhook knows
 * what was taken before.
 *
 * What was taken before is on its way: it may reach the webhook as it was a moment after the change
 * was answered. It is recorded as what it is, sent, and not tried again.
 */
export const CLAIMS_KEY = 'alert-deliveries';

/**
 * So long it is taken, or longer by what a slow database needs (`Term`), and again as long as it is under way. So long waits what an instance had begun
 * that died.
 */
export const LEASE_MS = 10_000;
/** How often what is under way is taken again. */
export const RENEW_EVERY_MS = 3_000;

/**
 * An instance of a former version takes deliveries for so long, once. It may be one of those beside
 * this one.
 */
const FORMER_LEASE_MS = 60_000;

/** How long this instance takes deliveries. */
export interface Term {
  /** In milliseconds. */
  length(): number;
  /** Told how long the database took to store a claim: while it is slow, claims last longer. */
  stored(tookMs: number): void;
  /** Whether a claim that ends in so many milliseconds will be renewed before. */
  hasTime(leftMs: number): boolean;
}

/** More is not waited for: a clock that was set forward looks like this, too. */
const SLOWEST_MS = (FORMER_LEASE_MS - LEASE_MS) / 2;

/** A claim begins before it is stored, and its renewal takes as long. So it lasts for two of them more. */
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
 * Beyond this a claim is none: the clock of whoever made it was set back since. Clocks of instances
 * that differ by less than a lease do no harm.
 */
export const LONGEST_MS = FORMER_LEASE_MS + LEASE_MS;

/**
 * Between these, in epoch milliseconds, ends the claim of a delivery that somebody makes; no other
 * counts.
 */
export const claimEnds = (now: number) => ({ from: now, to: now + LONGEST_MS });

/** Deliveries that nobody makes, for Prisma. */
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
