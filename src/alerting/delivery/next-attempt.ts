import { HOUR_MS } from '../../core/time/units.ts';
import { retryWaitMs } from '../book/retry-waits.ts';
import type { Outcome } from './outcome.ts';

/** A receiver may ask for more patience than ours, up to here. */
export const LONGEST_WAIT_MS = 24 * HOUR_MS;

interface MadeAttempt {
  /** Which one it was, from 1. */
  readonly attempt: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** 0 to 1, a new one each time. */
  readonly random: number;
}

/**
 * When to try again; null: never, because it was delivered, another attempt would fail too, or it
 * was tried often enough.
 */
export function nextAttempt(
  { error, final, retryAfterMs }: Pick<Outcome, 'error' | 'final' | 'retryAfterMs'>,
  { attempt, now, random }: MadeAttempt,
): number | null {
  const ownMs = retryWaitMs(attempt, random);
  if (error === null || final || ownMs === null) return null;
  return now + Math.round(Math.max(ownMs, Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS)));
}
