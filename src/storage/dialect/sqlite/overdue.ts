import type { ThreadData } from './protocol.ts';
import { stopUpTo } from './stops.ts';

export interface LostThreads {
  readonly most: number;
  count: number;
}

/** Watches whether the stopped statements of a thread end. */
export interface Overdue {
  /**
   * Stops the statements up to this number, and gives up the thread if one of them does not end in
   * time.
   */
  stop(last: number): void;
  /** Nothing is running any more, so there is nothing to wait for. */
  clear(): void;
}

export interface OverdueOptions {
  readonly stops: ThreadData['stops'];
  readonly graceMs: number;
  readonly lost: LostThreads;
  /** Whether a statement up to this number is still running. */
  isUnderWay(last: number): boolean;
  giveUp(): void;
}

export function createOverdue({ stops, graceMs, lost, isUnderWay, giveUp }: OverdueOptions): Overdue {
  let timer: NodeJS.Timeout | undefined;

  function check(last: number): void {
    if (!isUnderWay(last)) return;
    if (lost.count >= lost.most) {
      timer = setTimeout(() => check(last), graceMs);
      return;
    }
    lost.count++;
    giveUp();
  }

  return {
    stop(last) {
      stopUpTo(stops, last);
      clearTimeout(timer);
      timer = setTimeout(() => check(last), graceMs);
    },
    clear: () => clearTimeout(timer),
  };
}
