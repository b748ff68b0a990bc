import type { Clock } from '../../core/clock.ts';
import type { Lease } from './lease.ts';

/** A lease that is renewed when due, not at every query. */
export interface KeptLease {
  /** Whether this instance must do the work now. */
  isHeld(): Promise<boolean>;
  /** Writes nothing if this instance cannot have the lease. */
  release(): Promise<void>;
}

/**
 * Takes or renews the lease at most once per `everyMs`. That is well before it expires, so that no
 * other instance takes over, and rarely enough that an idle server hardly writes.
 */
export function keepLease(lease: Lease, clock: Clock, everyMs: number): KeptLease {
  let asked: { readonly at: number; readonly answer: boolean } | null = null;
  let mayBeHeld = false;
  return {
    async isHeld() {
      const now = clock.now();
      if (asked !== null && now >= asked.at && now - asked.at < everyMs) return asked.answer;
      asked = null;
      // Also if `hold` fails: the lease may have been taken all the same.
      mayBeHeld = true;
      const answer = await lease.hold();
      mayBeHeld = answer;
      asked = { at: now, answer };
      return answer;
    },
    async release() {
      asked = null;
      if (!mayBeHeld) return;
      await lease.release();
      mayBeHeld = false;
    },
  };
}
