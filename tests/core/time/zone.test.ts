import { describe, expect, it } from 'vitest';
import type { TimeGrain } from '../../../src/core/time/grain.ts';
import { bucketBoundaries } from '../../../src/core/time/zone.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Instants in the tables are UTC, to the minute unless there are seconds. */
const at = (instant: string): number => Date.parse(`${instant}Z`);
const text = (instant: number): string => new Date(instant).toISOString().replace(/(:00)?\.000Z$/, '');

describe('bucketBoundaries', () => {
  it.each([
    [
      'UTC days around a range that begins and ends within days',
      'DAY UTC',
      '2026-01-30T12:00 2026-02-01T00:00:00.001',
      '2026-01-30T00:00 2026-01-31T00:00 2026-02-01T00:00 2026-02-02T00:00',
    ],
    [
      'no bucket after a range that ends on a boundary',
      'DAY UTC',
      '2026-01-30T00:00 2026-01-31T00:00',
      '2026-01-30T00:00 2026-01-31T00:00',
    ],
    [
      'before 1970',
      'HOUR UTC',
      '1969-12-31T22:10 1969-12-31T23:10',
      '1969-12-31T22:00 1969-12-31T23:00 1970-01-01T00:00',
    ],
    [
      'five minutes',
      'FIVE_MINUTES UTC',
      '2026-01-01T00:04 2026-01-01T00:06',
      '2026-01-01T00:00 2026-01-01T00:05 2026-01-01T00:10',
    ],
    [
      'hours at half past',
      'HOUR Asia/Kolkata',
      '2026-01-01T00:00 2026-01-01T01:00',
      '2025-12-31T23:30 2026-01-01T00:30 2026-01-01T01:30',
    ],
    [
      'days at half past six',
      'DAY Asia/Kolkata',
      '2026-01-01T00:00 2026-01-02T00:00',
      '2025-12-31T18:30 2026-01-01T18:30 2026-01-02T18:30',
    ],
    [
      'hours at a quarter past',
      'HOUR Asia/Kathmandu',
      '2026-01-01T00:00 2026-01-01T01:00',
      '2025-12-31T23:15 2026-01-01T00:15 2026-01-01T01:15',
    ],
    [
      'quarters of an hour in Kathmandu',
      'FIFTEEN_MINUTES Asia/Kathmandu',
      '2026-01-01T00:01 2026-01-01T00:16',
      '2026-01-01T00:00 2026-01-01T00:15 2026-01-01T00:30',
    ],
    ['an offset', 'DAY -03:30', '2026-01-01T03:30 2026-01-02T03:30', '2026-01-01T03:30 2026-01-02T03:30'],
    [
      'a day of 23 hours',
      'DAY America/New_York',
      '2026-03-08T05:00 2026-03-09T05:00',
      '2026-03-08T05:00 2026-03-09T04:00 2026-03-10T04:00',
    ],
    [
      'a day of 25 hours',
      'DAY America/New_York',
      '2026-11-01T04:00 2026-11-02T05:00',
      '2026-11-01T04:00 2026-11-02T05:00',
    ],
    [
      'the skipped hour',
      'HOUR America/New_York',
      '2026-03-08T06:30 2026-03-08T07:30',
      '2026-03-08T06:00 2026-03-08T07:00 2026-03-08T08:00',
    ],
    [
      'the hour that occurs twice',
      'HOUR America/New_York',
      '2026-11-01T05:00 2026-11-01T08:00',
      '2026-11-01T05:00 2026-11-01T06:00 2026-11-01T07:00 2026-11-01T08:00',
    ],
    [
      'half an hour back, April 2025',
      'HOUR Australia/Lord_Howe',
      '2025-04-05T13:30 2025-04-05T16:00',
      '2025-04-05T13:00 2025-04-05T14:00 2025-04-05T15:00 2025-04-05T15:30 2025-04-05T16:30',
    ],
    [
      'half an hour on, October 2025',
      'HOUR Australia/Lord_Howe',
      '2025-10-04T14:30 2025-10-04T17:00',
      '2025-10-04T14:30 2025-10-04T15:30 2025-10-04T16:00 2025-10-04T17:00',
    ],
    [
      'half an hour back, April 2026',
      'HOUR Australia/Lord_Howe',
      '2026-04-04T14:00 2026-04-04T15:31',
      '2026-04-04T14:00 2026-04-04T15:00 2026-04-04T15:30 2026-04-04T16:30',
    ],
    [
      'half an hour on, October 2026',
      'HOUR Australia/Lord_Howe',
      '2026-10-03T15:30 2026-10-03T16:01',
      '2026-10-03T15:30 2026-10-03T16:00 2026-10-03T17:00',
    ],
    [
      'a range within only the half hour',
      'HOUR Australia/Lord_Howe',
      '2025-04-05T15:10 2025-04-05T15:20',
      '2025-04-05T15:00 2025-04-05T15:30',
    ],
    [
      'half an hour on the grid of 15 minutes',
      'FIFTEEN_MINUTES Australia/Lord_Howe',
      '2025-04-05T14:45 2025-04-05T15:30',
      '2025-04-05T14:45 2025-04-05T15:00 2025-04-05T15:15 2025-04-05T15:30',
    ],
    [
      'a day of 24.5 hours',
      'DAY Australia/Lord_Howe',
      '2025-04-05T13:00 2025-04-06T13:30',
      '2025-04-05T13:00 2025-04-06T13:30',
    ],
    [
      'a day of 23.5 hours',
      'DAY Australia/Lord_Howe',
      '2025-10-04T13:30 2025-10-05T13:00',
      '2025-10-04T13:30 2025-10-05T13:00',
    ],
    [
      '30 December 2011, which Apia skipped',
      'DAY Pacific/Apia',
      '2011-12-29T12:00 2011-12-31T11:00',
      '2011-12-29T10:00 2011-12-30T10:00 2011-12-31T10:00 2012-01-01T10:00',
    ],
    [
      'a month that lacks a day',
      'MONTH Pacific/Apia',
      '2011-12-15T00:00 2011-12-31T10:00',
      '2011-12-01T10:00 2011-12-31T10:00',
    ],
    [
      'no midnight in Cairo on the day on which the clocks go forward',
      'DAY Africa/Cairo',
      '2026-04-23T12:00 2026-04-24T12:00',
      '2026-04-22T22:00 2026-04-23T22:00 2026-04-24T21:00',
    ],
    [
      'two midnights in Havana',
      'DAY America/Havana',
      '2026-10-31T12:00 2026-11-01T12:00',
      '2026-10-31T04:00 2026-11-01T04:00 2026-11-02T05:00',
    ],
    [
      'ISO weeks 53 of 2026 and 1 of 2027',
      'WEEK UTC',
      '2027-01-01T00:00 2027-01-05T00:00',
      '2026-12-28T00:00 2027-01-04T00:00 2027-01-11T00:00',
    ],
    [
      'a Monday and the Sunday before',
      'WEEK UTC',
      '1969-12-28T23:59 1969-12-29T00:01',
      '1969-12-22T00:00 1969-12-29T00:00 1970-01-05T00:00',
    ],
    [
      'weeks over a clock change',
      'WEEK America/New_York',
      '2026-03-08T12:00 2026-03-09T12:00',
      '2026-03-02T05:00 2026-03-09T04:00 2026-03-16T04:00',
    ],
    [
      'a leap day',
      'DAY UTC',
      '2024-02-28T00:00 2024-03-01T00:00',
      '2024-02-28T00:00 2024-02-29T00:00 2024-03-01T00:00',
    ],
    [
      'February of a leap year',
      'MONTH UTC',
      '2024-02-29T23:59 2024-03-01T00:01',
      '2024-02-01T00:00 2024-03-01T00:00 2024-04-01T00:00',
    ],
    [
      'months, local',
      'MONTH America/New_York',
      '2026-03-01T04:59 2026-04-01T04:00',
      '2026-02-01T05:00 2026-03-01T05:00 2026-04-01T04:00',
    ],
    [
      'quarters',
      'QUARTER Asia/Kolkata',
      '2026-03-31T18:30 2026-10-01T00:00',
      '2026-03-31T18:30 2026-06-30T18:30 2026-09-30T18:30 2026-12-31T18:30',
    ],
    [
      'years',
      'YEAR UTC',
      '1969-06-01T00:00 1970-06-01T00:00',
      '1969-01-01T00:00 1970-01-01T00:00 1971-01-01T00:00',
    ],
    [
      'years of two digits',
      'YEAR UTC',
      '0050-06-01T00:00 0051-01-01T00:00',
      '0050-01-01T00:00 0051-01-01T00:00',
    ],
    [
      'hours over New Year, where spans are cached by year',
      'HOUR America/New_York',
      '2025-12-31T23:30 2026-01-01T00:30',
      '2025-12-31T23:00 2026-01-01T00:00 2026-01-01T01:00',
    ],
    [
      'hours before time zones, in mean solar time',
      'HOUR America/New_York',
      '1850-01-01T00:30 1850-01-01T01:00',
      '1849-12-31T23:56:02 1850-01-01T00:56:02 1850-01-01T01:56:02',
    ],
  ])('%s: %s', (_, grainAndZone, range, expected) => {
    const [grain, zone] = grainAndZone.split(' ') as [TimeGrain, string];
    const [from, to] = range.split(' ').map(at) as [number, number];
    expect(bucketBoundaries({ from, to }, grain, zone).map(text).join(' ')).toBe(expected);
  });

  it.each<[string, TimeGrain, string, number, number, string | null]>([
    ['a minute too many', 'MINUTE', 'UTC', 1001 * MINUTE, 1000, 'FIVE_MINUTES'],
    ['a month of minutes', 'MINUTE', 'Asia/Kolkata', 30 * DAY, 1000, 'HOUR'],
    ['50 years of days', 'DAY', 'America/New_York', 50 * 366 * DAY, 1000, 'MONTH'],
    ['a limit of its own', 'HOUR', 'UTC', 25 * HOUR, 24, 'DAY'],
    ['a day of 24.5 hours', 'HOUR', 'Australia/Lord_Howe', 24.5 * HOUR, 24, 'DAY'],
    ['9000 years', 'YEAR', 'America/New_York', 9000 * 366 * DAY, 1000, null],
    ['9000 years of minutes', 'MINUTE', 'America/New_York', 9000 * 366 * DAY, 1000, null],
  ])('refuses %s, and names the finest grain that fits', (_, grain, timeZone, length, limit, fitting) => {
    const from = at(timeZone === 'Australia/Lord_Howe' ? '2025-04-05T13:00' : '0900-01-01T00:00');
    const range = { from, to: from + length };
    const refusal = expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: 'grain' } });
    expect(() => bucketBoundaries(range, grain, timeZone, limit)).toThrow(refusal);
    const ending =
      fitting === null ? 'Ask for a shorter range.' : `The finest grain that fits is ${fitting}.`;
    expect(() => bucketBoundaries(range, grain, timeZone, limit)).toThrow(
      `at most ${limit} are allowed. ${ending}`,
    );
    if (fitting === null) return;
    expect(bucketBoundaries(range, fitting as TimeGrain, timeZone, limit).length - 1).toBeLessThanOrEqual(
      limit,
    );
  });

  it('says how many points there would be', () => {
    const range = { from: 0, to: 30 * DAY };
    expect(() => bucketBoundaries(range, 'MINUTE', 'UTC')).toThrow('about 43200 points at grain MINUTE');
    expect(() => bucketBoundaries({ from: 0, to: 40 * 365 * DAY }, 'DAY', 'UTC')).toThrow(
      'about 14600 points',
    );
    expect(() => bucketBoundaries({ from: 1, to: 1000 * MINUTE + 1 }, 'MINUTE', 'UTC')).toThrow(
      'about 1001 points',
    );
  });

  it('returns up to the maximum number of points', () => {
    expect(bucketBoundaries({ from: 0, to: 1000 * MINUTE }, 'MINUTE', 'UTC')).toHaveLength(1001);
    expect(
      bucketBoundaries(
        { from: at('2000-01-01T05:00'), to: at('2002-09-27T04:00') },
        'DAY',
        'America/New_York',
      ),
    ).toHaveLength(1001);
  });

  it('refuses an unknown zone', () => {
    const refusal = expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: 'timeZone' } });
    expect(() => bucketBoundaries({ from: 0, to: 1 }, 'DAY', 'Mars/Olympus')).toThrow(refusal);
    expect(() => bucketBoundaries({ from: 0, to: 1 }, 'DAY', 'Mars/Olympus')).toThrow('"Mars/Olympus"');
  });
});
