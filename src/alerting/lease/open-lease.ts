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
 * For instances that share a database. The others check every four seconds at most, and the clock
 * of each may be two seconds behind. So the work moves within 14 seconds of the death of its
 * holder. A holder renews so early that two renewals may be late.
 */
export const SHARED: Terms = { durationMs: 8_000, renewEveryMs: 2_500 };
/** The longest time between two checks of other instances for abandoned work. */
export const POLL_INTERVAL_MS = 4_000;

/**
 * For work that runs every five minutes and is not urgent: it stays with one instance in between.
 */
export const UNHURRIED: Terms = { durationMs: 15 * 60_000, renewEveryMs: 60_000 };

/**
 * For SQLite, where no other instance waits for the work: an idle server hardly writes to its disk.
 */
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
 * @returns false if another instance has the lease
 */
export async function whileHolding(lease: Lease, work: () => Promise<void>): Promise<boolean> {
  if (!(await lease.hold())) return false;
  let renewal: Promise<unknown> = Promise.resolve();
  const renewing = setInterval(() => {
    // If this renewal fails, the next may still be in time. Otherwise two instances do the work,
    // which is harmless.
    renewal = lease.hold().catch(() => undefined);
  }, SHARED.renewEveryMs).unref();
  try {
    await work();
  } finally {
    clearInterval(renewing);
    // A renewal after the release would take the lease again, as if its holder had died.
    await renewal;
    await lease.release();
  }
  return true;
}
