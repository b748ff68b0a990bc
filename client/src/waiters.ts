import type { Platform } from './platform.ts';
import type { Queue } from './queue.ts';

/** Callers that wait until events are settled. */
export interface Waiters {
  /**
   * Resolves when no event up to this number is in the queue, after the timeout, or at once if the
   * server has asked for a longer pause.
   */
  untilSettled(last: number, timeoutMs: number, quietUntil: () => number): Promise<void>;
  /** Resolves the callers that have nothing more to wait for. */
  check(quietUntil: number): void;
}

interface Waiter {
  readonly last: number;
  readonly deadline: number;
  readonly resolve: () => void;
}

export function createWaiters(queue: Pick<Queue, 'oldest'>, platform: Platform): Waiters {
  const waiting = new Set<Waiter>();

  const isDone = ({ last, deadline }: Waiter, quietUntil: number) =>
    queue.oldest === null || queue.oldest > last || quietUntil > deadline;

  function check(quietUntil: number): void {
    for (const waiter of waiting) if (isDone(waiter, quietUntil)) waiter.resolve();
  }

  return {
    check,
    untilSettled(last, timeoutMs, quietUntil) {
      return new Promise((resolve) => {
        // Keeps the process alive, because somebody waits for the answer.
        const forget = platform.startTimer(() => waiter.resolve(), timeoutMs, true);
        const waiter: Waiter = {
          last,
          deadline: platform.elapsed() + timeoutMs,
          resolve() {
            waiting.delete(waiter);
            forget();
            resolve();
          },
        };
        waiting.add(waiter);
        check(quietUntil());
      });
    },
  };
}
