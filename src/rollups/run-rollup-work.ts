import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { RollupWork } from './rollup-work.ts';

/** Where it is told what is done. A pino logger is one. */
export interface RollupLog {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface RollupRun {
  readonly schedule: Schedule;
  readonly log: RollupLog;
  /** Lets one instance do the work for all. */
  readonly lease: { isHeld(): Promise<boolean>; release(): Promise<void> };
}

/** How soon another instance goes on with what one left that has died. */
const LOOK_EVERY_MS = 4_000;
const RETRY_AFTER_MS = 60_000;

/** Does the work once, in the background. What comes later is noted by the next start. */
export function runRollupWork(work: RollupWork, { schedule, log, lease }: RollupRun): Repetition {
  let isDone = false;
  let looksToSkip = 0;
  return schedule.repeat(LOOK_EVERY_MS, async (signal) => {
    if (isDone || looksToSkip-- > 0) return;
    looksToSkip = 0;
    let holds = true;
    const shouldContinue = async () => {
      holds &&= !signal.aborted && (await lease.isHeld());
      return holds;
    };
    try {
      for (const done of await work.run(shouldContinue))
        log.info(done, 'Rollups match their declaration again');
      isDone = holds;
      if (isDone || signal.aborted) await lease.release();
    } catch (err) {
      looksToSkip = RETRY_AFTER_MS / LOOK_EVERY_MS;
      log.error({ err }, 'The rollups could not be updated to match their declaration; this will be retried');
    }
  });
}
