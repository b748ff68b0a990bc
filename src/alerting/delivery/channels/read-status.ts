import { describeStatus } from '../failure.ts';
import type { HttpResponse } from '../post.ts';
import { readRetryAfter } from '../retry-after.ts';
import type { Verdict } from './channel.ts';

/** Too many requests, or temporarily unavailable: these responses use `Retry-After`. */
const BUSY: readonly number[] = [429, 503];

/**
 * Any status from 200 to 299 means that the alert has arrived.
 *
 * @param final statuses after which another attempt would fail too
 */
export function readStatus(
  { status, headers }: Pick<HttpResponse, 'status' | 'headers'>,
  now: number,
  final: readonly number[],
): Verdict {
  return {
    error: describeStatus(status, headers.location),
    final: final.includes(status),
    retryAfterMs: BUSY.includes(status) ? readRetryAfter(headers['retry-after'], now) : null,
  };
}
