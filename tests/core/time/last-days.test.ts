import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastDays } from '../../../src/core/time/last-days.ts';
import { bucketBoundaries } from '../../../src/core/time/zone.ts';

const range = (days: number, zone: string, now: string) => {
  const { from, to } = lastDays(days, zone, Date.parse(now));
  return [new Date(from).toISOString(), new Date(to).toISOString()];
};

test.each([
  // A day begins with its first millisecond.
  [1, 'UTC', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
  [1, 'UTC', '2026-02-28T23:59:59.999Z', '2026-02-28T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  // The clocks go forward on 29 March and back on 25 October: 23 and 25 hours.
  [1, 'Europe/Berlin', '2026-03-29T12:00:00.000Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  [2, 'Europe/Berlin', '2026-10-25T12:00:00.000Z', '2026-10-23T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  // Samoa had no 30 December 2011.
  [2, 'Pacific/Apia', '2011-12-31T12:00:00.000Z', '2011-12-30T10:00:00.000Z', '2012-01-01T10:00:00.000Z'],
])('the last %i days in %s at %s', (days, zone, now, from, to) => {
  expect(range(days, zone, now)).toEqual([from, to]);
});

test('are as many as requested, and the last one is today', () => {
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia');
  const now = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), zone, now, (days, timeZone, present) => {
      const { from, to } = lastDays(days, timeZone, present);
      const boundaries = bucketBoundaries({ from, to }, 'DAY', timeZone);
      expect(boundaries).toHaveLength(days + 1);
      expect([boundaries[0], boundaries.at(-1)]).toEqual([from, to]);
      expect((boundaries.at(-2) as number) <= present && present < to).toBe(true);
    }),
  );
});
