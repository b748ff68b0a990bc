import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/units.ts';
import type { Outcome } from './outcome.ts';

/** How long to wait after the first attempt, the second …: after the last of them nothing follows, some 21 hours later. */
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
/** Waits differ by so much of themselves, so that what failed together does not come back together. */
const JITTER = 0.2;
/** A receiver may ask for more patience than ours, up to here. */
const LONGEST_WAIT_MS = 24 * HOUR_MS;
const GONE = 410;
/** Too many requests, and not available at the moment: there `Retry-After` counts. */
const BUSY: readonly (number | null)[] = [429, 503];

/**
 * When to try again; null: never, because it was delivered, the receiver is gone (410), or it was tried often enough.
 *
 * @param attempt which one it was, from 1
 * @param now epoch milliseconds
 * @param random 0 to 1, a new one each time
 */
export function nextAttempt(
  attempt: number,
  { error, statusCode, retryAfterMs }: Pick<Outcome, 'error' | 'statusCode' | 'retryAfterMs'>,
  now: number,
  random: number,
): number | null {
  const waitMs = WAITS_MS[attempt - 1];
  if (error === null || statusCode === GONE || waitMs === undefined) return null;
  const ownMs = waitMs * (1 - JITTER + 2 * JITTER * random);
  const askedMs = BUSY.includes(statusCode) ? Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS) : 0;
  return now + Math.round(Math.max(ownMs, askedMs));
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** `Retry-After` (RFC 9110, section 10.2.3) in milliseconds from now: seconds, or a date; null where it is neither. */
export function readRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND_MS;
  const date = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
