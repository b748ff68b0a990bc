import { setTimeout as sleep } from 'node:timers/promises';

/** Work that is done again and again. */
export interface Repetition {
  /**
   * Begins no more work, tells what is being done by its signal to end, and waits for that. May be
   * called again.
   */
  stop(): Promise<void>;
}

/** When recurring work is done. Passed in, so that tests decide when. */
export interface Schedule {
  /**
   * Does the work at once, and again so many milliseconds after each end. The work takes care of
   * its failures: it never rejects.
   */
  repeat(everyMs: number, work: (signal: AbortSignal) => Promise<void>): Repetition;
}

/** By the machine's timers, which do not keep a process alive. */
export const systemSchedule: Schedule = {
  repeat(everyMs, work) {
    const { signal, abort } = stopper();
    const ended = (async () => {
      while (!signal.aborted) {
        await work(signal);
        await pause(everyMs, signal);
      }
    })();
    return {
      stop() {
        abort();
        return ended;
      },
    };
  },
};

function stopper() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** Ends early, without an error, when the signal says so. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { ref: false, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
