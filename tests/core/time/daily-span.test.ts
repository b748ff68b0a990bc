import { describe, expect, it } from 'vitest';
import { endOfDailySpan } from '../../../src/core/time/daily-span.ts';

const end = (span: readonly [from: string, until: string, timeZone: string], at: string) => {
  const [from, until, timeZone] = span;
  const ends = endOfDailySpan({ from, until, timeZone }, Date.parse(at));
  return ends === null ? null : new Date(ends).toISOString().replace('.000Z', 'Z');
};

describe('a span of each day', () => {
  it.each([
    ['12:00', '13:00', '2026-11-22T11:59:59.999Z', null],
    ['12:00', '13:00', '2026-11-22T12:00:00Z', '2026-11-22T13:00:00Z'],
    ['12:00', '13:00', '2026-11-22T12:59:59.999Z', '2026-11-22T13:00:00Z'],
    ['12:00', '13:00', '2026-11-22T13:00:00Z', null],
    ['22:00', '07:00', '2026-11-22T21:59:00Z', null],
    ['22:00', '07:00', '2026-11-22T22:00:00Z', '2026-11-23T07:00:00Z'],
    ['22:00', '07:00', '2026-11-23T00:00:00Z', '2026-11-23T07:00:00Z'],
    ['22:00', '07:00', '2026-11-23T06:59:00Z', '2026-11-23T07:00:00Z'],
    ['22:00', '07:00', '2026-11-23T07:00:00Z', null],
    ['22:00', '00:00', '2026-12-31T23:00:00Z', '2027-01-01T00:00:00Z'],
    ['00:00', '06:00', '2026-11-22T00:00:00Z', '2026-11-22T06:00:00Z'],
  ])('%s to %s holds %s until %s', (from, until, at, expected) => {
    expect(end([from, until, 'UTC'], at)).toBe(expected);
  });

  it.each([
    [
      'by the clocks of the zone',
      'Asia/Kolkata',
      '22:00',
      '07:00',
      '2026-11-22T17:00:00Z',
      '2026-11-23T01:30:00Z',
    ],
    ['by an offset', '-05:00', '22:00', '07:00', '2026-11-22T04:00:00Z', '2026-11-22T12:00:00Z'],
    // In the night of 25 October 2026 the time from 02:00 to 03:00 occurs twice, and in that of 29
    // March 2026 not at all.
    [
      'before an end that occurs twice',
      'Europe/Berlin',
      '22:00',
      '02:30',
      '2026-10-25T00:10:00Z',
      '2026-10-25T01:30:00Z',
    ],
    [
      'between both of them',
      'Europe/Berlin',
      '22:00',
      '02:30',
      '2026-10-25T01:10:00Z',
      '2026-10-25T01:30:00Z',
    ],
    [
      'before an end that does not occur',
      'Europe/Berlin',
      '22:00',
      '02:30',
      '2026-03-29T00:30:00Z',
      '2026-03-29T01:30:00Z',
    ],
    [
      'over a clock change',
      'Europe/Berlin',
      '22:00',
      '07:00',
      '2026-10-24T21:00:00Z',
      '2026-10-25T06:00:00Z',
    ],
  ])('ends %s', (_case, timeZone, from, until, at, expected) => {
    expect(end([from, until, timeZone], at)).toBe(expected);
  });
});
