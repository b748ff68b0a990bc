import { setTimeout as pause } from 'node:timers/promises';

/** What others do while the copy is far behind. */
export type Others = 'IDLE' | 'READING' | 'LATE';

/**
 * Lets questions go first while the copy is far behind. Until it has caught up, they cannot use it.
 */
export interface Pace {
  /**
   * Resolves when the next page may be copied: at once if the server answers no question. Otherwise
   * when it has answered them all, or after a multiple of the time that the last page took.
   *
   * @param workedMs how long the last page took
   * @returns whether others are still busy
   */
  rest(workedMs: number): Promise<boolean>;
}

export interface PaceOptions {
  /**
   * Whether the server answers questions, or is late for other reasons, such as much to record.
   * Waiting for this reply is all the rest that recording gets: it may continue for hours, and a
   * copy that rests longer falls ever further behind. The system lets the event loop and the writer
   * go first (`yieldProcessor`).
   */
  others(): Promise<Others>;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** Even beside endless questions, the copy gets a quarter of the time. */
const REST_PER_WORK = 3;
/** How soon the copy continues when a question has ended. */
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
