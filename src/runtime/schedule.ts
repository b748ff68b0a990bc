import { setTimeout as sleep } from 'node:timers/promises';

/** Repeated work. */
export interface Repetition {
  /**
   * Starts no more work, aborts the running work by its signal, and waits until it ends. May be
   * called more than once.
   */
  stop(): Promise<void>;
}

/** Decides when recurring work runs. It is passed in, so that tests can control it. */
export interface Schedule {
  /**
   * Runs the work at once, and again `everyMs` milliseconds after each run ends. The work must
   * handle its failures; it must never reject.
   */
  repeat(everyMs: number, work: (signal: AbortSignal) => Promise<void>): Repetition;
}

/** A schedule based on the machine's timers, which do not keep the process alive. */
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

/** Returns early, without an error, if the signal aborts. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { ref: false, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
