import { describe, expect, it } from 'vitest';
import { type DayValue, forecastMonth } from '../../src/analytics/formulas/forecast.ts';

const DAY_MS = 86_400_000;
/** Sunday, 1 November 2026, in UTC. */
const NOVEMBER = Date.parse('2026-11-01T00:00:00Z');
const DECEMBER = Date.parse('2026-12-01T00:00:00Z');

const day = (start: number, value: number | null): DayValue => ({ start, end: start + DAY_MS, value });
/** The days from an instant on. */
const days = (from: number, ...values: readonly (number | null)[]) =>
  values.map((value, index) => day(from + index * DAY_MS, value));
/** November with these values for its first days. */
const november = (...values: readonly number[]) =>
  Array.from({ length: 30 }, (_, index) => day(NOVEMBER + index * DAY_MS, values[index] ?? null));

const at = (now: number, past: readonly DayValue[], ...values: readonly number[]) =>
  forecastMonth({ past, month: november(...values), now, timeZone: 'UTC' });

describe('the forecast of a month', () => {
  it('is null without days to learn from', () => {
    expect(at(NOVEMBER + DAY_MS / 2, [], 5)).toMatchObject({
      ...{ soFar: 5, forecast: null, low: null, high: null, learnedFrom: null },
    });
  });

  it('expects the mean of all days for weekdays that are not known', () => {
    // Saturday, 31 October, has 7. Sunday, the 29th of November, begins, and the 29th and 30th
    // follow.
    const now = NOVEMBER + 28 * DAY_MS;
    const { forecast, low, high } = at(now, days(NOVEMBER - DAY_MS, 7), 100);
    expect(forecast).toBe(100 + 2 * 7);
    // One day shows nothing about the differences between days.
    expect([low, high]).toEqual([null, null]);
  });

  it('omits days whose value is not known', () => {
    const past = days(NOVEMBER - 3 * DAY_MS, null, 4, null, 6);
    expect(at(NOVEMBER + 29 * DAY_MS, past)).toMatchObject({
      forecast: 5,
      learnedFrom: { from: NOVEMBER - 2 * DAY_MS, to: NOVEMBER + DAY_MS },
    });
  });

  it('is never below what was already counted', () => {
    // With Mondays of 0 and 20, the forecast for Monday, the 30th, is 10 ± 1.28 times the root of 200.
    const past = [...days(NOVEMBER - 6 * DAY_MS, 0), ...days(NOVEMBER + DAY_MS, 20)];
    const { soFar, forecast, low, high } = at(DECEMBER - DAY_MS, past, 50);
    expect([soFar, forecast, low]).toEqual([50, 60, 50]);
    expect(high).toBeCloseTo(60 + 1.28155 * Math.sqrt(200), 3);
  });

  it('adds the part of today that is left', () => {
    const past = days(NOVEMBER - 7 * DAY_MS, 8, 1, 1, 1, 1, 1, 1);
    const { sums } = at(NOVEMBER + DAY_MS / 4, past, 3);
    expect(sums[0]).toEqual({ day: { from: NOVEMBER, to: NOVEMBER + DAY_MS }, sum: 3 + 6 });
    expect(sums[1]?.sum).toBe(10);
  });

  it('is exact at the end of the month', () => {
    const past = days(NOVEMBER - 14 * DAY_MS, 1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1);
    expect(at(DECEMBER, past, 1, 2, 3)).toMatchObject({ soFar: 6, forecast: 6, low: 6, high: 6 });
  });
});
