import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { bucketBoundaries } from '../../../src/core/time/zone.ts';

const at = (instant: string): number => Date.parse(instant);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('bucketBoundaries, for any range', () => {
  const zone = fc.constantFrom(
    'UTC',
    'Asia/Kolkata',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'Pacific/Kiritimati',
    'Pacific/Kwajalein',
    'Africa/Cairo',
    'Africa/Casablanca',
    'America/Havana',
    'America/Sao_Paulo',
    'Europe/Dublin',
    'Asia/Tehran',
    '+05:45',
  );
  const start = fc.integer({ min: at('1990-01-01T00:00Z'), max: at('2030-01-01T00:00Z') });
  const local = (instant: number, timeZone: string) =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);

  function expectCovering(boundaries: readonly number[], from: number, to: number): void {
    expect(boundaries.every((boundary, index) => index === 0 || boundary > boundaries[index - 1]!)).toBe(
      true,
    );
    expect(boundaries[0]).toBeLessThanOrEqual(from);
    expect(boundaries[1]).toBeGreaterThan(from);
    expect(boundaries.at(-2)).toBeLessThan(to);
    expect(boundaries.at(-1)).toBeGreaterThanOrEqual(to);
  }

  it('gives days and coarser buckets that begin where their first day begins, without gaps', () => {
    const firstDays = {
      DAY: (date: Temporal.PlainDate) => date,
      WEEK: (date: Temporal.PlainDate) => date.subtract({ days: date.dayOfWeek - 1 }),
      MONTH: (date: Temporal.PlainDate) => date.with({ day: 1 }),
      QUARTER: (date: Temporal.PlainDate) =>
        date.with({ day: 1, month: date.month - ((date.month - 1) % 3) }),
      YEAR: (date: Temporal.PlainDate) => date.with({ day: 1, month: 1 }),
    };
    const grain = fc.constantFrom(...(Object.keys(firstDays) as (keyof typeof firstDays)[]));
    fc.assert(
      fc.property(
        zone,
        grain,
        start,
        fc.integer({ min: 1, max: 100 * DAY }),
        (timeZone, unit, from, length) => {
          const boundaries = bucketBoundaries({ from, to: from + length }, unit, timeZone);
          expectCovering(boundaries, from, from + length);
          for (const [index, boundary] of boundaries.entries()) {
            // A first day that was skipped or occurs twice is no exception: its first instant is
            // the one that Temporal gives.
            const date = local(boundary, timeZone).toPlainDate();
            const starts = [firstDays[unit](date), date].map(
              (day) => day.toZonedDateTime(timeZone).epochMilliseconds,
            );
            expect(starts).toContain(boundary);
            const following = boundaries[index + 1];
            if (following === undefined) continue;
            const lastDate = local(following - 1, timeZone).toPlainDate();
            expect(firstDays[unit](lastDate).equals(firstDays[unit](date))).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives days whose boundaries are the starts of local days', () => {
    fc.assert(
      fc.property(zone, start, fc.integer({ min: 1, max: 150 * DAY }), (timeZone, from, length) => {
        const boundaries = bucketBoundaries({ from, to: from + length }, 'DAY', timeZone);
        expectCovering(boundaries, from, from + length);
        for (const boundary of boundaries) {
          expect(local(boundary, timeZone).startOfDay().epochMilliseconds).toBe(boundary);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives finer buckets that lie on the local grid and contain no clock change', () => {
    const grains = { MINUTE: 1, FIVE_MINUTES: 5, FIFTEEN_MINUTES: 15, HOUR: 60 };
    const grain = fc.constantFrom(...(Object.keys(grains) as (keyof typeof grains)[]));
    const changes = ['2025-04-05T15:00Z', '2025-10-04T15:30Z', '2026-03-08T07:00Z', '2026-11-01T06:00Z'].map(
      at,
    );
    const near = fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -3 * HOUR, max: 0 }))
      .map(([change, before]) => change + before);
    fc.assert(
      fc.property(
        zone,
        grain,
        fc.oneof(start, near),
        fc.integer({ min: 1, max: 3 * HOUR }),
        (timeZone, unit, from, length) => {
          const width = grains[unit] * MINUTE;
          const boundaries = bucketBoundaries({ from, to: from + length }, unit, timeZone);
          expectCovering(boundaries, from, from + length);
          for (const [index, boundary] of boundaries.entries()) {
            const clock = local(boundary, timeZone);
            const onGrid = (boundary + clock.offsetNanoseconds / 1e6) % width === 0;
            const atChange = local(boundary - 1, timeZone).offsetNanoseconds !== clock.offsetNanoseconds;
            expect(onGrid || atChange).toBe(true);
            const following = boundaries[index + 1];
            if (following === undefined) continue;
            expect(following - boundary).toBeLessThanOrEqual(width);
            expect(local(following - 1, timeZone).offsetNanoseconds).toBe(clock.offsetNanoseconds);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
