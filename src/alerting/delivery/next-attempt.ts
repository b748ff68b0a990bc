import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/units.ts';
import type { Outcome } from './outcome.ts';

/**
 * How long to wait after the first attempt, the second …: after the last of them nothing follows,
 * some 21 hours later.
 */
const WAITS_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
];
/**
 * Waits differ by so much of themselves, so that what failed together does not come back together.
 */
const JITTER = 0.2;
/** A receiver may ask for more patience than ours, up to here. */
export const LONGEST_WAIT_MS = 24 * HOUR_MS;

/**
 * When to try again; null: never, because it was delivered, another attempt would fail too, or it
 * was tried often enough.
 *
 * @param attempt which one it was, from 1
 * @param now epoch milliseconds
 * @param random 0 to 1, a new one each time
 */
export function nextAttempt(
  attempt: number,
  { error, final, retryAfterMs }: Pick<Outcome, 'error' | 'final' | 'retryAfterMs'>,
  now: number,
  random: number,
): number | null {
  const waitMs = WAITS_MS[attempt - 1];
  if (error === null || final || waitMs === undefined) return null;
  const ownMs = waitMs * (1 - JITTER + 2 * JITTER * random);
  return now + Math.round(Math.max(ownMs, Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS)));
}
