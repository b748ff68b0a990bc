import { CLOCK_SKEW_MS, systemClock } from '../../core/clock.ts';
import type { Repetition, Schedule } from '../../runtime/schedule.ts';
import type { QueryBuilder } from '../../storage/store.ts';

/**
 * How long something is counted together. A window begins with the first use and ends at once, so
 * that all of a quota is there again.
 */
export type Window = 'MINUTE' | 'DAY';

export const SECONDS: Readonly<Record<Window, number>> = { MINUTE: 60, DAY: 86_400 };

/** What is used in a window. */
export interface Count {
  readonly used: number;
  /** Epoch milliseconds, by the machine's clock, which is the one that the library reads. */
  readonly endsAt: number;
}

/**
 * Counts what is used. The library rate-limiter-flexible keeps the windows; `Budgets` decides,
 * because the limits differ from key to key.
 */
export interface Counters {
  /**
   * Adds to the window that is open, or opens one. A negative number gives back.
   *
   * @param id what is counted, and for whom
   * @throws StorageUnavailable
   */
  add(window: Window, id: string, points: number): Promise<Count>;
  /** Writes what must outlast the process, and removes windows that have ended. */
  run(schedule: Schedule): Repetition;
  /** Writes it a last time. Never rejects. */
  close(): Promise<void>;
}

export interface CountersOptions {
  readonly query: QueryBuilder;
  readonly log: { error(details: object, message: string): void };
}

/** The columns of the library's own table, in its order: it inserts by position. */
export const WINDOWS = 'budget_windows';
export interface StoredWindow {
  readonly key: string;
  readonly points: number;
  /** Epoch milliseconds. */
  readonly expire: number;
}

/** What the limiters of the library have in common, as far as it is used. */
interface Limiter {
  penalty(id: string, points: number): Promise<{ consumedPoints: number; msBeforeNext: number }>;
  delete(id: string): Promise<boolean>;
}

interface Addition {
  readonly window: Window;
  readonly id: string;
  readonly points: number;
}

/**
 * Adds to the window of a limiter. A window that would last longer than windows do was opened by a
 * clock that was ahead: without a new one, its quota would be used up until that clock's time.
 */
export async function addTo(limiter: Limiter, { window, id, points }: Addition): Promise<Count> {
  let added = await limiter.penalty(id, points);
  if (added.msBeforeNext > SECONDS[window] * 1000 + CLOCK_SKEW_MS) {
    await limiter.delete(id);
    added = await limiter.penalty(id, points);
  }
  return { used: added.consumedPoints, endsAt: systemClock.now() + added.msBeforeNext };
}

/** Removes the windows that have ended. */
export async function removeEnded(query: QueryBuilder, now: number): Promise<void> {
  await query.deleteFrom(WINDOWS).where('expire', '<=', now).execute();
}

/** Does work on its first call. After a failure, the next call tries again. */
export function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<Value> | null = null;
  return () => {
    running ??= work().catch((error: unknown) => {
      running = null;
      throw error;
    });
    return running;
  };
}
