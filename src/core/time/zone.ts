import { Temporal } from 'temporal-polyfill';
import { defined } from '../defined.ts';
import { InvalidArgument } from '../errors.ts';
import { SUB_DAY_WIDTH_MS, TIME_GRAINS, type TimeGrain } from './grain.ts';
import {
  canonicalTimeZone,
  constantSpan,
  type OffsetSpan,
  offsetSpans,
  requireTimeZone,
} from './offset-spans.ts';
import type { Interval } from './range.ts';
import { DAY_MS } from './units.ts';

const MAX_POINTS = 1000;

/**
 * A grain whose buckets are periods of days. Periods are numbered. Days are counted from
 * 1970-01-01, a Thursday.
 */
interface Calendar {
  /** The number of the period that a day belongs to. */
  periodOf(day: number): number;
  firstDayOf(period: number): number;
  /** The longest period in days, even if a zone repeats a day at the date line. */
  readonly mostDays: number;
}

const monthOf = (day: number): number => {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};
const firstDayOfMonth = (month: number): number =>
  new Date(0).setUTCFullYear(Math.floor(month / 12), month - Math.floor(month / 12) * 12, 1) / DAY_MS;
const calendarOfMonths = (months: number, mostDays: number): Calendar => ({
  periodOf: (day) => Math.floor(monthOf(day) / months),
  firstDayOf: (period) => firstDayOfMonth(period * months),
  mostDays,
});

const CALENDARS: Readonly<Partial<Record<TimeGrain, Calendar>>> = {
  DAY: { periodOf: (day) => day, firstDayOf: (period) => period, mostDays: 2 },
  // ISO 8601: a week begins on Monday.
  WEEK: {
    periodOf: (day) => Math.floor((day + 3) / 7),
    firstDayOf: (period) => period * 7 - 3,
    mostDays: 8,
  },
  MONTH: calendarOfMonths(1, 32),
  QUARTER: calendarOfMonths(3, 93),
  YEAR: calendarOfMonths(12, 367),
};

/** The calendar of a grain of a day or more. */
const calendarOf = (grain: TimeGrain): Calendar => defined(CALENDARS[grain]);

/**
 * Whether the text is the id of a time zone: an IANA name in any case, or an offset such as +05:30.
 */
export function isTimeZone(id: string): boolean {
  return canonicalTimeZone(id) !== undefined;
}

/**
 * The instants b0 < b1 < … < bn that divide a range into calendar buckets [b_i, b_i+1) of a zone.
 * b0 is the start of the bucket that contains the range's start, bn the end of the bucket that
 * contains its last millisecond. The caller clips both to the range.
 *
 * Buckets of DAY and coarser grains begin when a day begins in the zone, weeks on Monday. A day
 * that the zone skipped has no bucket. Buckets of finer grains follow the grid of the local wall
 * clock. A clock change off the grid divides a bucket in two, so none spans a clock change.
 *
 * @throws InvalidArgument for an unknown zone, and for more than `limit` buckets: the message says
 *   how many there are and which grain fits.
 */
export function bucketBoundaries(
  range: Interval,
  grain: TimeGrain,
  timeZone: string,
  limit = MAX_POINTS,
): number[] {
  const zone = requireTimeZone(timeZone);
  const boundaries = boundariesWithin(range, grain, { zone, limit });
  if (boundaries !== null) return boundaries;
  const fitting = TIME_GRAINS.slice(TIME_GRAINS.indexOf(grain) + 1).find(
    (coarser) => boundariesWithin(range, coarser, { zone, limit }) !== null,
  );
  throw new InvalidArgument(
    `The range has about ${Math.max(pointsOf(range, grain), limit + 1)} points at grain ` +
      `${grain}, and at most ${limit} are allowed. ` +
      (fitting === undefined ? 'Ask for a shorter range.' : `The finest grain that fits is ${fitting}.`),
    'grain',
  );
}

function pointsOf({ from, to }: Interval, grain: TimeGrain): number {
  const width = SUB_DAY_WIDTH_MS[grain];
  if (width !== undefined) return Math.ceil((to - from) / width);
  const { periodOf } = calendarOf(grain);
  return periodOf(Math.floor((to - 1) / DAY_MS)) - periodOf(Math.floor(from / DAY_MS)) + 1;
}

/** Null if there are more than `limit` buckets, without computing many more than that. */
function boundariesWithin(
  range: Interval,
  grain: TimeGrain,
  { zone, limit }: { readonly zone: string; readonly limit: number },
): number[] | null {
  const width = SUB_DAY_WIDTH_MS[grain];
  const mostWidth = width ?? calendarOf(grain).mostDays * DAY_MS;
  if (range.to - range.from > limit * mostWidth) return null;
  const boundaries =
    width === undefined
      ? calendarBoundaries(range, calendarOf(grain), startOfDayIn(zone, range, grain))
      : wallClockBoundaries(range, width, spansAround(zone, range));
  return boundaries.length - 1 > limit ? null : boundaries;
}

/**
 * Adds two days on either side, because buckets extend beyond the range and local time is up to a
 * day away from UTC.
 */
function spansAround(zone: string, { from, to }: Interval): OffsetSpan[] {
  return offsetSpans(zone, { from: from - 2 * DAY_MS, to: to + 2 * DAY_MS });
}

function wallClockBoundaries({ from, to }: Interval, width: number, spans: readonly OffsetSpan[]): number[] {
  let index = spans.findIndex((span) => from < span.end);
  let span = defined(spans[index]);
  const line = Math.floor((from + span.offset) / width) * width - span.offset;
  let boundary = Math.max(line, span.start);
  const boundaries = [boundary];
  while (boundary < to) {
    const nextLine = (Math.floor((boundary + span.offset) / width) + 1) * width - span.offset;
    if (nextLine < span.end) boundary = nextLine;
    else {
      boundary = span.end;
      span = defined(spans[++index]);
    }
    boundaries.push(boundary);
  }
  return boundaries;
}

function calendarBoundaries(
  { from, to }: Interval,
  { periodOf, firstDayOf }: Calendar,
  startOfDay: (day: number) => number,
): number[] {
  const boundaryOf = (period: number): number => startOfDay(firstDayOf(period));
  // The period in UTC is at most one away from the period in the zone.
  let period = periodOf(Math.floor(from / DAY_MS)) - 1;
  while (boundaryOf(period + 1) <= from) period++;
  let boundary = boundaryOf(period);
  const boundaries = [boundary];
  while (boundary < to) {
    const next = boundaryOf(++period);
    if (next > boundary) boundaries.push(next);
    boundary = next;
  }
  return boundaries;
}

/**
 * Returns a function that gives the instant at which a day begins in the zone: the first instant at
 * which the wall clock shows that day or a later one.
 */
function startOfDayIn(zone: string, range: Interval, grain: TimeGrain): (day: number) => number {
  // Finding all clock changes of a century costs more than asking Temporal for the first day of
  // each month.
  if (grain !== 'DAY' && grain !== 'WEEK' && constantSpan(zone) === undefined) {
    return (day) => startOfDayByTemporal(zone, day);
  }
  const margin = 8 * DAY_MS;
  const spans = offsetSpans(zone, { from: range.from - 2 * margin, to: range.to + margin });
  return (day) => {
    const midnight = day * DAY_MS;
    const span = defined(spans.find(({ end, offset }) => end + offset > midnight));
    return Math.max(span.start, midnight - span.offset);
  };
}

function startOfDayByTemporal(zone: string, day: number): number {
  const date = new Date(day * DAY_MS);
  return new Temporal.PlainDate(
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
  ).toZonedDateTime(zone).epochMilliseconds;
}
