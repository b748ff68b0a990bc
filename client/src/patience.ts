import type { Verdict } from './answer.ts';
import { waitBefore } from './backoff.ts';
import type { Platform } from './platform.ts';

/** How long to leave a server in trouble alone between attempts. */
export interface Patience {
  /** Until when the server has asked for a pause, by `elapsed`; 0 if it has not. */
  readonly quietUntil: number;
  /** How long to wait after this verdict, in milliseconds. */
  waitAfter(verdict: Verdict): number;
  /** Resolves after this time, or when `endPause` is called. */
  pause(milliseconds: number): Promise<void>;
  endPause(): void;
}

export function createPatience(platform: Pick<Platform, 'startTimer' | 'elapsed' | 'random'>): Patience {
  let failures = 0;
  let quietUntil = 0;
  let endPause: (() => void) | null = null;

  return {
    get quietUntil() {
      return quietUntil;
    },
    waitAfter(verdict) {
      if (verdict.kind !== 'RETRY') {
        failures = 0;
        quietUntil = 0;
        return 0;
      }
      const { afterMs } = verdict;
      const waitMs = waitBefore(failures++, afterMs, platform.random());
      quietUntil = afterMs === null ? 0 : platform.elapsed() + waitMs;
      return waitMs;
    },
    pause: (milliseconds) =>
      new Promise((resolve) => {
        const forget = platform.startTimer(() => endPause?.(), milliseconds);
        endPause = () => {
          endPause = null;
          forget();
          resolve();
        };
      }),
    endPause: () => endPause?.(),
  };
}
