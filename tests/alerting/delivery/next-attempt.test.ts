import { describe, expect, it, test } from 'vitest';
import { readStatus } from '../../../src/alerting/delivery/channels/read-status.ts';
import { nextAttempt } from '../../../src/alerting/delivery/next-attempt.ts';
import { readRetryAfter } from '../../../src/alerting/delivery/retry-after.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];
const MIDDLE = 0.5;

const NO_ANSWER = { error: 'It failed.', final: false, retryAfterMs: null };

/** Milliseconds between an attempt and the next one; null if there is no next one. */
function wait(
  attempt: number,
  statusCode: number | null,
  { retryAfterMs = null, random = MIDDLE }: { retryAfterMs?: number | null; random?: number } = {},
): number | null {
  const headers = retryAfterMs === null ? {} : { 'retry-after': String(retryAfterMs / SECOND) };
  const verdict = statusCode === null ? NO_ANSWER : readStatus({ status: statusCode, headers }, NOW, [410]);
  const next = nextAttempt(verdict, { attempt, now: NOW, random });
  return next === null ? null : next - NOW;
}

describe('the next attempt', () => {
  it.each([
    [1, 5 * SECOND],
    [2, 30 * SECOND],
    [3, 2 * MINUTE],
    [4, 10 * MINUTE],
    [5, 30 * MINUTE],
    [6, 2 * HOUR],
    [7, 6 * HOUR],
    [8, 12 * HOUR],
    [9, null],
    [10, null],
  ])('follows attempt %i after %s ms', (attempt, expected) => {
    expect(wait(attempt, 500)).toBe(expected);
    expect(wait(attempt, null)).toBe(expected);
  });

  it('is moved at random by up to a fifth in either direction', () => {
    expect(wait(1, 500, { random: 0 })).toBe(4 * SECOND);
    expect(wait(1, 500, { random: 1 })).toBe(6 * SECOND);
    expect(wait(8, 500, { random: 0 })).toBe(9.6 * HOUR);
  });

  it.each([
    ['delivered', 200, null],
    ['delivered without content', 204, null],
    ['gone', 410, null],
    ['redirected', 301, 5 * SECOND],
    ['not found', 404, 5 * SECOND],
    ['too many', 429, 5 * SECOND],
  ])('of what is %s', (_case, statusCode, expected) => {
    expect(wait(1, statusCode)).toBe(expected);
  });

  it.each([
    [429, 1, 90 * SECOND, 90 * SECOND],
    [503, 1, 90 * SECOND, 90 * SECOND],
    // Our own wait stays if it is longer.
    [503, 3, 1 * SECOND, 2 * MINUTE],
    [503, 1, 0, 5 * SECOND],
    // A receiver cannot delay it forever.
    [429, 1, 365 * 24 * HOUR, 24 * HOUR],
    // The header does not count with other statuses.
    [500, 1, 90 * SECOND, 5 * SECOND],
    [410, 1, 90 * SECOND, null],
    // Requesting a wait gives no further attempts.
    [503, 9, 90 * SECOND, null],
  ])('after %i at attempt %i, which asks for %i ms', (statusCode, attempt, retryAfterMs, expected) => {
    expect(wait(attempt, statusCode, { retryAfterMs })).toBe(expected);
  });
});

test.each([
  [undefined, null],
  ['', null],
  ['0', 0],
  ['120', 120_000],
  ['-1', null],
  ['1.5', null],
  ['soon', null],
  ['Sun, 22 Foo 2026 12:01:00 GMT', null],
  ['Sun, 22 Nov 2026 12:01:00 GMT', 60_000],
  ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
])('Retry-After: %s is %s ms', (header, expected) => {
  expect(readRetryAfter(header, NOW)).toBe(expected);
});
