import { describe, expect, it } from 'vitest';
import {
  type CalendarPeriod,
  type CalendarUnit,
  calendarRange,
  rangeBefore,
} from '../../../src/core/time/calendar-range.ts';

const NOW = '2026-03-31T10:20:30.456Z';
const show = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  `${new Date(from).toISOString()} ${new Date(to).toISOString()}`.replaceAll(':00.000Z', 'Z');

describe('calendarRange', () => {
  it.each<[CalendarPeriod, string, string, string]>([
    ['this day', 'UTC', NOW, '2026-03-31T00:00Z 2026-03-31T10:20:30.456Z'],
    ['last day', 'UTC', NOW, '2026-03-30T00:00Z 2026-03-31T00:00Z'],
    ['last day', 'Europe/Berlin', '2026-03-30T10:00:00Z', '2026-03-28T23:00Z 2026-03-29T22:00Z'],
    ['this week', 'UTC', NOW, '2026-03-30T00:00Z 2026-03-31T10:20:30.456Z'],
    ['last week', 'Asia/Kolkata', NOW, '2026-03-22T18:30Z 2026-03-29T18:30Z'],
    ['this month', 'Europe/Berlin', NOW, '2026-02-28T23:00Z 2026-03-31T10:20:30.456Z'],
    ['last month', 'UTC', NOW, '2026-02-01T00:00Z 2026-03-01T00:00Z'],
    ['last month', 'Pacific/Auckland', '2026-03-31T11:30:00Z', '2026-02-28T11:00Z 2026-03-31T11:00Z'],
    ['this quarter', 'UTC', NOW, '2026-01-01T00:00Z 2026-03-31T10:20:30.456Z'],
    ['last quarter', 'UTC', NOW, '2025-10-01T00:00Z 2026-01-01T00:00Z'],
    ['last quarter', 'UTC', '2026-12-31T00:00:00Z', '2026-07-01T00:00Z 2026-10-01T00:00Z'],
    ['this year', '+05:30', NOW, '2025-12-31T18:30Z 2026-03-31T10:20:30.456Z'],
    ['last year', 'UTC', NOW, '2025-01-01T00:00Z 2026-01-01T00:00Z'],
    ['this month', 'UTC', '2026-03-01T00:00:00Z', '2026-03-01T00:00Z 2026-03-01T00:00:00.001Z'],
  ])('%s in %s at %s', (period, zone, now, range) => {
    expect(show(calendarRange(period, zone, Date.parse(now)))).toBe(range);
  });
});

describe('rangeBefore', () => {
  it.each<[string, string, CalendarUnit, string, string]>([
    ['2026-03-01T00:00Z', '2026-04-01T00:00Z', 'month', 'UTC', '2026-02-01T00:00Z 2026-03-01T00:00Z'],
    [
      '2026-02-28T23:00Z',
      '2026-03-31T22:00Z',
      'month',
      'Europe/Berlin',
      '2026-01-31T23:00Z 2026-02-28T23:00Z',
    ],
    ['2026-02-01T00:00Z', '2026-03-01T00:00Z', 'year', 'UTC', '2025-02-01T00:00Z 2025-03-01T00:00Z'],
    ['2026-04-01T00:00Z', '2026-07-01T00:00Z', 'quarter', 'UTC', '2026-01-01T00:00Z 2026-04-01T00:00Z'],
    ['2026-03-29T22:00Z', '2026-03-30T22:00Z', 'day', 'Europe/Berlin', '2026-03-28T23:00Z 2026-03-29T22:00Z'],
    ['2026-03-30T00:00Z', '2026-04-06T00:00Z', 'week', 'UTC', '2026-03-23T00:00Z 2026-03-30T00:00Z'],
    ['2026-03-01T00:00Z', '2026-03-31T10:20Z', 'month', 'UTC', '2026-02-01T00:00Z 2026-02-28T10:20Z'],
  ])('%s to %s by %s in %s', (from, to, unit, zone, range) => {
    expect(show(rangeBefore({ from: Date.parse(from), to: Date.parse(to) }, { unit, timeZone: zone }))).toBe(
      range,
    );
  });

  it('refuses days that the month before does not have', () => {
    const range = { from: Date.parse('2026-03-29T00:00Z'), to: Date.parse('2026-03-31T00:00Z') };
    expect(() => rangeBefore(range, { unit: 'month', timeZone: 'UTC' })).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { argument: 'by' } }),
    );
  });
});
