import { CLOCK_SKEW_MS, systemClock } from '../../core/clock.ts';
import type { Repetition, Schedule } from '../../runtime/schedule.ts';
import type { QueryBuilder } from '../../storage/store.ts';

/**
 * The window in which uses are counted together. It begins with the first use. At its end, the
 * whole quota is available again.
 */
export type Window = 'MINUTE' | 'DAY';

export const SECONDS: Readonly<Record<Window, number>> = { MINUTE: 60, DAY: 86_400 };

/** The use in a window. */
export interface Count {
  readonly used: number;
  /** Epoch milliseconds, by the machine's clock, which the library reads. */
  readonly endsAt: number;
}

/**
 * Counts uses. The library rate-limiter-flexible manages the windows; `Budgets` decides, because
 * the limits differ from key to key.
 */
export interface Counters {
  /**
   * Adds to the open window, or opens one. A negative number refunds.
   *
   * @param id what is counted, and for whom
   * @throws StorageUnavailable
   */
  add(window: Window, id: string, points: number): Promise<Count>;
  /** Saves what must outlast the process, and removes windows that have ended. */
  run(schedule: Schedule): Repetition;
  /** Saves a last time. Never rejects. */
  close(): Promise<void>;
}

export interface CountersOptions {
  readonly query: QueryBuilder;
  readonly log: { error(details: object, message: string): void };
}

/** The columns of the library's own table, in order: it inserts by position. */
export const WINDOWS = 'budget_windows';
export interface StoredWindow {
  readonly key: string;
  readonly points: number;
  /** Epoch milliseconds. */
  readonly expire: number;
}

/** The part of the library's limiters that is used. */
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
 * Adds to the window of a limiter. A window longer than windows can be was opened by a clock that
 * was ahead. Without a new one, its quota would stay used up until that time.
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

/** Runs the work on the first call. After a failure, the next call tries again. */
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
