import { Temporal } from 'temporal-polyfill';
import { InvalidArgument } from '../errors.ts';
import { requireTimeZone } from './offset-spans.ts';
import type { Interval } from './range.ts';

/** The periods of the calendar for ranges. A week begins on Monday. */
export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

const DURATIONS: Readonly<Record<CalendarUnit, Temporal.DurationLike>> = {
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
};

/** A period of the calendar: the current one until now, or the whole previous one. */
export type CalendarPeriod = `${'this' | 'last'} ${CalendarUnit}`;

/**
 * The interval of a period in a zone: `this` from the start of the current one until now, `last`
 * the whole previous one. Days begin when they begin in the zone.
 *
 * @throws InvalidArgument for an unknown zone.
 */
export function calendarRange(period: CalendarPeriod, timeZone: string, now: number): Interval {
  const [which, unit] = period.split(' ') as ['this' | 'last', CalendarUnit];
  const start = startOfPeriod(inZone(now, timeZone), unit);
  // In the first millisecond of the period the interval is one millisecond long, not empty.
  if (which === 'this')
    return { from: start.epochMilliseconds, to: Math.max(now, start.epochMilliseconds + 1) };
  const before = startOfPeriod(start.subtract(DURATIONS[unit]), unit);
  return { from: before.epochMilliseconds, to: start.epochMilliseconds };
}

interface Shift {
  readonly unit: CalendarUnit;
  readonly timeZone: string;
  /** What an error names. Default: `by`. */
  readonly path?: string;
}

/**
 * The interval one period of the calendar earlier, by the clocks of the zone; for a month, the
 * previous month. A day that the previous month does not have becomes its last day.
 *
 * @throws InvalidArgument for an unknown zone, and at `path` if the result is empty: 29 to 31 March,
 *   a month earlier.
 */
export function rangeBefore({ from, to }: Interval, { unit, timeZone, path = 'by' }: Shift): Interval {
  const back = (instant: number): number =>
    inZone(instant, timeZone).subtract(DURATIONS[unit]).epochMilliseconds;
  const before = { from: back(from), to: back(to) };
  if (before.from < before.to) return before;
  throw new InvalidArgument(
    `The previous ${unit} has no such days. Choose a smaller unit, or omit it.`,
    path,
  );
}

/** The day of the week in a zone: 1 is Monday, 7 is Sunday. */
export function weekdayOf(instant: number, timeZone: string): number {
  return inZone(instant, timeZone).dayOfWeek;
}

function inZone(instant: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(requireTimeZone(timeZone));
}

function startOfPeriod(time: Temporal.ZonedDateTime, unit: CalendarUnit): Temporal.ZonedDateTime {
  return firstDayOf(time.toPlainDate(), unit).toZonedDateTime(time.timeZoneId);
}

function firstDayOf(day: Temporal.PlainDate, unit: CalendarUnit): Temporal.PlainDate {
  switch (unit) {
    case 'day':
      return day;
    case 'week':
      return day.subtract({ days: day.dayOfWeek - 1 });
    case 'month':
      return day.with({ day: 1 });
    case 'quarter':
      return day.with({ month: day.month - ((day.month - 1) % 3), day: 1 });
    case 'year':
      return day.with({ month: 1, day: 1 });
  }
}
