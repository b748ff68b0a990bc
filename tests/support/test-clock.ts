import type { Clock } from '../../src/core/clock.ts';

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  /** Moves the clock by this many milliseconds; a negative number sets it back. */
  advance(milliseconds: number): void;
  set(now: number): void;
}

/** A clock that shows `start` (epoch milliseconds, or anything that `new Date` reads). */
export function createTestClock(start: number | string): TestClock {
  let present = new Date(start).getTime();
  return {
    now: () => present,
    advance(milliseconds) {
      present += milliseconds;
    },
    set(now) {
      present = now;
    },
  };
}
