import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { Corrections } from './corrections.ts';

export interface CorrectionRun {
  readonly corrections: Pick<Corrections, 'underWay' | 'work'>;
  readonly schedule: Schedule;
  readonly log: { error(details: object, message: string): void };
  /** Lets one instance do the work for all. */
  readonly lease: { isHeld(): Promise<boolean>; release(): Promise<void> };
}

/** How soon a correction goes on that took longer than its mutation waits, or that a restart ended. */
const LOOK_EVERY_MS = 5_000;

/** Goes on with the corrections that are under way, one after another. */
export function runCorrections({ corrections, schedule, log, lease }: CorrectionRun): Repetition {
  return schedule.repeat(LOOK_EVERY_MS, async (signal) => {
    const shouldContinue = async () => !signal.aborted && (await lease.isHeld());
    try {
      for (const key of await corrections.underWay()) await corrections.work(key, shouldContinue);
      if (signal.aborted) await lease.release();
    } catch (err) {
      log.error({ err }, 'Costs could not be recomputed; it will be retried');
    }
  });
}
