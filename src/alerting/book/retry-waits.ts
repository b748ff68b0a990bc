import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/units.ts';

/**
 * How long to wait after the first attempt, the second, and so on. After the last one, some 21
 * hours later, there is no further attempt.
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
/** Waits vary by this share, so that deliveries that failed together are not retried together. */
const JITTER = 0.2;

/**
 * How long to wait after an attempt, in milliseconds; null if it was the last one.
 *
 * @param attempt its number, from 1
 * @param random 0 to 1: 1 gives the longest wait
 */
export function retryWaitMs(attempt: number, random: number): number | null {
  const waitMs = WAITS_MS[attempt - 1];
  return waitMs === undefined ? null : waitMs * (1 - JITTER + 2 * JITTER * random);
}
