import { Temporal } from 'temporal-polyfill';
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
  // In the first millisecond of the period, the interval is one millisecond long instead of empty.
  if (which === 'this')
    return { from: start.epochMilliseconds, to: Math.max(now, start.epochMilliseconds + 1) };
  const before = startOfPeriod(start.subtract(DURATIONS[unit]), unit);
  return { from: before.epochMilliseconds, to: start.epochMilliseconds };
}

interface Shift {
  readonly unit: CalendarUnit;
  readonly timeZone: string;
}

/**
 * The interval one calendar period earlier, by the clocks of the zone. A day that the earlier month
 * does not have becomes its last day. Whole months stay whole: 1 to 30 November become 1 to 31
 * October. Any other interval keeps its months, days and hours: 30 November becomes 30 October
 * alone. An interval within one month stays within one, so 1 to 30 March become the whole of
 * February.
 *
 * @throws InvalidArgument for an unknown zone.
 */
export function rangeBefore({ from, to }: Interval, { unit, timeZone }: Shift): Interval {
  const [start, end] = [wallClock(from, timeZone), wallClock(to, timeZone)];
  const instantOf = (time: Temporal.PlainDateTime) =>
    time.toZonedDateTime(requireTimeZone(timeZone)).epochMilliseconds;
  const before = {
    from: instantOf(start.subtract(DURATIONS[unit])),
    to: instantOf(endBefore(start, end, unit)),
  };
  // The clocks were changed within one of the two intervals, so only the length can be kept.
  return before.from < before.to ? before : { from: before.from, to: before.from + (to - from) };
}

function endBefore(
  start: Temporal.PlainDateTime,
  end: Temporal.PlainDateTime,
  unit: CalendarUnit,
): Temporal.PlainDateTime {
  const shifted = end.subtract(DURATIONS[unit]);
  if (unit === 'day' || unit === 'week') return shifted;
  const length = start.until(end, { largestUnit: 'month' });
  if (isWholeMonths(length)) return shifted;
  const startBefore = start.subtract(DURATIONS[unit]);
  const kept = startBefore.add(length);
  // A range that ends at midnight ends with the day before; that day is shifted.
  const last = isMidnight(end) ? end.subtract(ONE_DAY).subtract(DURATIONS[unit]).add(ONE_DAY) : shifted;
  const isLastUseful = Temporal.PlainDateTime.compare(startBefore, last) < 0;
  return isLastUseful && Temporal.PlainDateTime.compare(last, kept) < 0 ? last : kept;
}

const isWholeMonths = (length: Temporal.Duration): boolean => length.with({ months: 0 }).blank;

const ONE_DAY = { days: 1 };

const isMidnight = (time: Temporal.PlainDateTime): boolean =>
  time.equals(time.toPlainDate().toPlainDateTime());

/**
 * What the clocks of the zone show. It is 00:00 for the first instant of a day, even where the
 * clocks skip it.
 */
function wallClock(instant: number, timeZone: string): Temporal.PlainDateTime {
  const time = inZone(instant, timeZone);
  return time.equals(time.startOfDay()) ? time.toPlainDate().toPlainDateTime() : time.toPlainDateTime();
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
