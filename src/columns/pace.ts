import { setTimeout as pause } from 'node:timers/promises';

/** Lets questions go first while the copy is far behind: a question cannot use it until it has all. */
export interface Pace {
  /**
   * Resolves when the next page may be copied: at once if nobody else is busy, and otherwise when
   * nobody is, or after a multiple of the time that the last page took.
   *
   * @param workedMs how long the last page took
   * @returns whether others are still busy
   */
  rest(workedMs: number): Promise<boolean>;
}

export interface PaceOptions {
  /** Whether the server answers questions, or is late for other reasons. */
  isBusy(): Promise<boolean>;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** Beside questions without end, the copy still gets a quarter of the time. */
const REST_PER_WORK = 3;
/** How soon the copy goes on when a question has ended. */
const LOOK_EVERY_MS = 20;

export function createPace({
  isBusy,
  now = () => performance.now(),
  sleep = (ms) => pause(ms),
}: PaceOptions): Pace {
  return {
    async rest(workedMs) {
      const until = now() + REST_PER_WORK * workedMs;
      while (await isBusy()) {
        const left = until - now();
        if (left <= 0) return true;
        await sleep(Math.min(LOOK_EVERY_MS, left));
      }
      return false;
    },
  };
}
