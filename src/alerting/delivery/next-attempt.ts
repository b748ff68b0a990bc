import { HOUR_MS } from '../../core/time/units.ts';
import { retryWaitMs } from '../book/retry-waits.ts';
import type { Outcome } from './outcome.ts';

/** The longest wait that a receiver may ask for. */
export const LONGEST_WAIT_MS = 24 * HOUR_MS;

interface MadeAttempt {
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** 0 to 1, new for each call. */
  readonly random: number;
}

/**
 * When to try again; null for never: the delivery arrived, another attempt would fail too, or there
 * were enough attempts.
 */
export function nextAttempt(
  { error, final, retryAfterMs }: Pick<Outcome, 'error' | 'final' | 'retryAfterMs'>,
  { attempt, now, random }: MadeAttempt,
): number | null {
  const ownMs = retryWaitMs(attempt, random);
  if (error === null || final || ownMs === null) return null;
  return now + Math.round(Math.max(ownMs, Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS)));
}
