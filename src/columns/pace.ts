import { setTimeout as pause } from 'node:timers/promises';

/** What others do while the copy is far behind. */
export type Others = 'IDLE' | 'READING' | 'LATE';

/** Lets questions go first while the copy is far behind: a question cannot use it until it has all. */
export interface Pace {
  /**
   * Resolves when the next page may be copied: at once if the server answers no question, and otherwise when
   * it answers none, or after a multiple of the time that the last page took.
   *
   * @param workedMs how long the last page took
   * @returns whether others are still busy
   */
  rest(workedMs: number): Promise<boolean>;
}

export interface PaceOptions {
  /**
   * Whether the server answers questions, or is late for other reasons, such as much to record. To
   * wait for that answer is all the rest that recording gets: it may go on for hours, and a copy
   * that rests longer falls behind without end. The system lets the event loop and the writer go
   * first (`yieldProcessor`).
   */
  others(): Promise<Others>;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** Beside questions without end, the copy still gets a quarter of the time. */
const REST_PER_WORK = 3;
/** How soon the copy goes on when a question has ended. */
const POLL_INTERVAL_MS = 20;

export function createPace({
  others,
  now = () => performance.now(),
  sleep = (ms) => pause(ms),
}: PaceOptions): Pace {
  return {
    async rest(workedMs) {
      const until = now() + REST_PER_WORK * workedMs;
      for (;;) {
        const found = await others();
        const left = until - now();
        if (found !== 'READING' || left <= 0) return found !== 'IDLE';
        await sleep(Math.min(POLL_INTERVAL_MS, left));
      }
    },
  };
}
