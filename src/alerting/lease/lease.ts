import type { Clock } from '../../core/clock.ts';
import type { Store } from '../../storage/store.ts';

/** The right to do work that one instance does for all. */
export interface Lease {
  /** Takes or renews the lease; false if another instance has it. */
  hold(): Promise<boolean>;
  /** Lets another instance take the lease at once. */
  release(): Promise<void>;
  /**
   * Reads the state without changing it. `LEFT`: its holder has neither renewed nor released it in
   * time, so it has died or hangs.
   */
  state(): Promise<'FREE' | 'HELD' | 'LEFT'>;
}

export interface LeaseOptions {
  readonly store: Pick<Store, 'transact'>;
  readonly clock: Clock;
  /** The name of the work. */
  readonly name: string;
  /** Identifies the instance. Each has a different one. */
  readonly holder: string;
  /**
   * How many milliseconds must pass without `hold` before another instance may take the lease. The
   * clocks of the instances should differ by much less.
   */
  readonly durationMs: number;
}

/**
 * An instance of a former version takes every lease for this long. Such an instance may share the
 * database with this one.
 */
const FORMER_DURATION_MS = 30_000;

export function createLease({ store, clock, name, holder, durationMs }: LeaseOptions): Lease {
  /**
   * A lease that expires later than any valid one was taken before the clock was set back: nobody
   * can have renewed it for that long. Twice the duration, because the clock of its holder may be
   * ahead of this one.
   */
  const longestMs = Math.max(2 * durationMs, FORMER_DURATION_MS + durationMs);
  const isOver = (end: number, now: number): boolean => end <= now || end > now + longestMs;

  return {
    hold: () =>
      store.transact(`lease:${name}`, async (transaction) => {
        const now = clock.now();
        const held = await transaction.lease.findUnique({ where: { name } });
        if (held !== null && held.holder !== holder && !isOver(held.expiresAt.getTime(), now)) return false;
        const lease = { holder, expiresAt: new Date(now + durationMs) };
        await transaction.lease.upsert({ where: { name }, create: { name, ...lease }, update: lease });
        return true;
      }),
    async release() {
      await store.transact(`lease:${name}`, (transaction) =>
        transaction.lease.deleteMany({ where: { name, holder } }),
      );
    },
    async state() {
      const held = await store.transact(`lease:${name}`, ({ lease }) =>
        lease.findUnique({ where: { name } }),
      );
      if (held === null) return 'FREE';
      return isOver(held.expiresAt.getTime(), clock.now()) ? 'LEFT' : 'HELD';
    },
  };
}
