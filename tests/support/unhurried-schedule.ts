import { type Schedule, systemSchedule } from '../../src/runtime/schedule.ts';

/** More than most tests take once their server has started. */
const BEGINS_AFTER_MS = 250;

/**
 * The schedule of servers, except that work begins a moment later. Most tests end before that: the
 * first round of all background work takes longer than starting the server and what the test does.
 * Tests of that work wait for its results, or have their own schedule.
 */
export const unhurriedSchedule: Schedule = {
  repeat(everyMs, work) {
    let repetition: ReturnType<Schedule['repeat']> | undefined;
    const timer = setTimeout(() => {
      repetition = systemSchedule.repeat(everyMs, work);
    }, BEGINS_AFTER_MS).unref();
    return {
      async stop() {
        clearTimeout(timer);
        await repetition?.stop();
      },
    };
  },
};
