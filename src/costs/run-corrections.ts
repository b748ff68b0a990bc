import type { Repetition, Schedule } from '../runtime/schedule.ts';
import { StorageUnavailable } from '../storage/errors.ts';
import type { CorrectionKey, Corrections } from './corrections.ts';

export interface CorrectionRun {
  readonly corrections: Pick<Corrections, 'underWay' | 'work' | 'fail'>;
  readonly schedule: Schedule;
  readonly log: { error(details: object, message: string): void };
  /** Lets one instance do the work for all. */
  readonly lease: { isHeld(): Promise<boolean>; release(): Promise<void> };
}

/**
 * The delay before a correction continues that took longer than its mutation waits, or that a
 * restart interrupted.
 */
const POLL_INTERVAL_MS = 4_000;

/**
 * Continues the running corrections, one after another. If one fails, it ends, so that its project
 * may request another. If the database is the cause, it continues later.
 */
export function runCorrections({ corrections, schedule, log, lease }: CorrectionRun): Repetition {
  async function work(key: CorrectionKey, shouldContinue: () => Promise<boolean>): Promise<void> {
    try {
      await corrections.work(key, shouldContinue);
    } catch (err) {
      if (err instanceof StorageUnavailable) {
        log.error({ err, ...key }, 'Costs could not be recomputed; this will be retried');
        return;
      }
      log.error({ err, ...key }, 'Costs could not be recomputed; the correction has ended');
      await corrections.fail(key, err);
    }
  }

  return schedule.repeat(POLL_INTERVAL_MS, async (signal) => {
    const shouldContinue = async () => !signal.aborted && (await lease.isHeld());
    try {
      for (const key of await corrections.underWay()) await work(key, shouldContinue);
      if (signal.aborted) await lease.release();
    } catch (err) {
      log.error({ err }, 'Cost corrections could not be read or ended; this will be retried');
    }
  });
}
