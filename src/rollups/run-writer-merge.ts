import type { Repetition } from '../runtime/schedule.ts';
import type { WriterMerge } from './merge-writers.ts';
import type { RollupRun } from './run-rollup-work.ts';

const MERGE_EVERY_MS = 5 * 60_000;

/** Merges what several instances have written for the same cells, every five minutes. */
export function runWriterMerge(merge: WriterMerge, { schedule, log, lease }: RollupRun): Repetition {
  const repetition = schedule.repeat(MERGE_EVERY_MS, async (signal) => {
    let holds = true;
    const shouldContinue = async () => {
      holds &&= !signal.aborted && (await lease.isHeld());
      return holds;
    };
    try {
      const cells = await merge.run(shouldContinue);
      if (cells > 0) log.info({ cells }, 'Cells written by several instances were merged');
    } catch (err) {
      log.error({ err }, 'The cells of several instances could not be merged; this will be retried');
    }
  });
  return {
    async stop() {
      await repetition.stop();
      try {
        await lease.release();
      } catch (err) {
        log.error({ err }, 'The lease for merging cells was not released');
      }
    },
  };
}
