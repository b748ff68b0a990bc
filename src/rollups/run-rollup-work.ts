import type { Repetition, Schedule } from '../runtime/schedule.ts';
import type { RollupWork } from './rollup-work.ts';

/** Receives what was done. A pino logger is one. */
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

/** How soon another instance continues the work of one that has died. */
const POLL_INTERVAL_MS = 4_000;
const RETRY_AFTER_MS = 60_000;

/** Does the work once, in the background. The next start notes any later work. */
export function runRollupWork(work: RollupWork, { schedule, log, lease }: RollupRun): Repetition {
  let isDone = false;
  let pollsToSkip = 0;
  return schedule.repeat(POLL_INTERVAL_MS, async (signal) => {
    if (isDone || pollsToSkip-- > 0) return;
    pollsToSkip = 0;
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
      pollsToSkip = RETRY_AFTER_MS / POLL_INTERVAL_MS;
      log.error({ err }, 'The rollups could not be updated to match their declaration; this will be retried');
    }
  });
}
