import type { Clock } from '../../core/clock.ts';
import type { Lease } from './lease.ts';

/** A lease that is prolonged when that is due, and not at every question. */
export interface KeptLease {
  /** Whether this instance is to do the work now. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Asks for the lease, and for more of it, at most once in `everyMs`: well before it ends, so that
 * nobody else begins meanwhile, and so that a machine with nothing to do hardly writes.
 */
export function keepLease(lease: Lease, clock: Clock, everyMs: number): KeptLease {
  let asked: { readonly at: number; readonly answer: boolean } | null = null;
  return {
    async isHeld() {
      const now = clock.now();
      if (asked !== null && now >= asked.at && now - asked.at < everyMs) return asked.answer;
      asked = null;
      asked = { at: now, answer: await lease.hold() };
      return asked.answer;
    },
    async release() {
      asked = null;
      await lease.release();
    },
  };
}
