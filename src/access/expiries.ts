import type { Clock } from '../core/clock.ts';
import type { Repetition, Schedule } from '../runtime/schedule.ts';
import { createEnd } from './caller.ts';

/**
 * Signals that abort at an instant. Everything that ends in the same second shares a signal, so the
 * number of signals is bounded by the longest lifetime, whatever the number of tokens.
 */
export interface Expiries {
  /** @param second epoch seconds. The signal aborts within a second after it. */
  signalAt(second: number): AbortSignal;
  /** Aborts the signals that are due, until the repetition is stopped. */
  run(schedule: Schedule): Repetition;
}

const CHECK_EVERY_MS = 1_000;

/** @param reason the reason of the signals: a sentence */
export function createExpiries(clock: Clock, reason: string): Expiries {
  const ends = new Map<number, AbortController>();

  function endPast(): void {
    const now = clock.now();
    for (const [second, end] of ends) {
      if (second * 1000 > now) continue;
      ends.delete(second);
      end.abort(reason);
    }
  }

  return {
    signalAt(second) {
      const end = ends.get(second) ?? createEnd();
      ends.set(second, end);
      return end.signal;
    },
    run: (schedule) => schedule.repeat(CHECK_EVERY_MS, async () => endPast()),
  };
}
