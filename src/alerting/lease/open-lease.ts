import type { Clock } from '../../core/clock.ts';
import type { IdSource } from '../../core/ids.ts';
import type { Store } from '../../storage/store.ts';
import { type KeptLease, keepLease } from './keep-lease.ts';
import { createLease, type Lease } from './lease.ts';

/** How long a lease lasts, and how often it is renewed. */
export interface Terms {
  readonly durationMs: number;
  readonly renewEveryMs: number;
}

/**
 * Of instances that share a database. Another one looks every four seconds at most, and its clock
 * may be two seconds behind: so work moves within 14 seconds of the death of its holder. A holder
 * renews so early that two renewals may be late.
 */
export const SHARED: Terms = { durationMs: 8_000, renewEveryMs: 2_500 };
/** How often others look whether work is left, at most. */
export const POLL_INTERVAL_MS = 4_000;

/**
 * For work that comes every five minutes and that nobody waits for: it stays with one instance in
 * between.
 */
export const UNHURRIED: Terms = { durationMs: 15 * 60_000, renewEveryMs: 60_000 };

/** Where nobody waits for the work: so an idle server hardly writes to its disk. */
const ALONE: Terms = { durationMs: 30_000, renewEveryMs: 10_000 };

export interface LeasedBy {
  readonly store: Pick<Store, 'transact' | 'dialect'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

const termsOf = ({ dialect }: LeasedBy['store']): Terms => (dialect === 'sqlite' ? ALONE : SHARED);

/** The lease of some work, kept for this instance. */
export function openLease(
  { store, clock, ids }: LeasedBy,
  name: string,
  { durationMs, renewEveryMs } = termsOf(store),
): KeptLease {
  return keepLease(createLease({ store, clock, name, holder: ids.next(), durationMs }), clock, renewEveryMs);
}

/**
 * Does work while it holds the lease, and then releases it.
 *
 * @returns false if another instance has it
 */
export async function whileHolding(lease: Lease, work: () => Promise<void>): Promise<boolean> {
  if (!(await lease.hold())) return false;
  let renewal: Promise<unknown> = Promise.resolve();
  const renewing = setInterval(() => {
    // What is not renewed now may be in time the next time. If it is not, two do the work, which
    // does no harm.
    renewal = lease.hold().catch(() => undefined);
  }, SHARED.renewEveryMs).unref();
  try {
    await work();
  } finally {
    clearInterval(renewing);
    // One that comes after the release would take the lease again, as if its holder had died.
    await renewal;
    await lease.release();
  }
  return true;
}
