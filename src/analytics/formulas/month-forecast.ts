import { defined } from '../../core/defined.ts';
import type { Interval } from '../../core/time/range.ts';
import { DAY_MS } from '../../core/time/units.ts';
import { bucketBoundaries } from '../../core/time/zone.ts';
import type { Analytics } from '../analytics.ts';
import type { Answer, Scope, Series, Source } from '../spec.ts';
import { type DayValue, type Forecast, forecastMonth } from './forecast.ts';
import { measuresOf, numberOf, type Side, scopeOf } from './side.ts';

/** How many days before today a forecast learns from: eight of each weekday. */
const LEARNED_DAYS = 56;

export interface MonthQuestion {
  readonly projectId: string;
  /** A count or a sum. */
  readonly side: Side;
  /** The time zone of the month and its days. */
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The forecast of the month that `now` is in. */
export interface MonthForecast extends Forecast {
  readonly month: Interval;
}

/** What a forecast reads: the month until now, and the days to learn from. */
export function scopeOfForecast({ projectId, side, timeZone, now }: MonthQuestion): Scope {
  const { month, learnedSince } = calendarAt(now, timeZone);
  // In the first millisecond of a month, the month alone would be an empty range. The history keeps
  // it from being empty.
  return scopeOf({ projectId, range: { from: Math.min(month.from, learnedSince), to: now } }, side);
}

/** Forecasts the number of the month from the days until now, by the pattern of weekdays. */
export async function readMonthForecast(
  analytics: Pick<Analytics, 'series'>,
  question: MonthQuestion,
): Promise<Answer<MonthForecast>> {
  const { side, timeZone, now } = question;
  const options = { grain: 'DAY', timeZone, dimensions: [], top: 1, fill: 'ZERO' } as const;
  const { value, source } = await analytics.series(scopeOfForecast(question), measuresOf(side), options);
  const { month, today, learnedSince } = calendarAt(now, timeZone);
  const points = defined(value[0]).points;
  const counted = new Map(points.map(({ start, stats }) => [start, numberOf(side, stats)]));
  const days = daysOf(month, timeZone).map((day) => ({ ...day, value: counted.get(day.start) ?? null }));
  const past = learnedDays(points, source, { from: learnedSince, to: today }).map(
    ({ start, end, stats }): DayValue => ({ start, end, value: numberOf(side, stats) }),
  );
  return { value: { month, ...forecastMonth({ past, month: days, now, timeZone }) }, source };
}

/** The month and the day that an instant is in, and the first of the days to learn from. */
function calendarAt(now: number, timeZone: string) {
  const [from, to] = bucketBoundaries({ from: now, to: now + 1 }, 'MONTH', timeZone);
  const [today] = bucketBoundaries({ from: now, to: now + 1 }, 'DAY', timeZone);
  // Noon, because days of clock changes are shorter or longer.
  const noon = defined(today) - (LEARNED_DAYS - 0.5) * DAY_MS;
  const [learnedSince] = bucketBoundaries({ from: noon, to: noon + 1 }, 'DAY', timeZone);
  const month = { from: defined(from), to: defined(to) };
  return { month, today: defined(today), learnedSince: defined(learnedSince) };
}

function daysOf(month: Interval, timeZone: string): { readonly start: number; readonly end: number }[] {
  const boundaries = bucketBoundaries(month, 'DAY', timeZone);
  return boundaries.slice(1).map((end, index) => ({ start: defined(boundaries[index]), end }));
}

/** The whole days of the stretch that are kept, beginning with the first one that has events. */
function learnedDays(
  points: Series['points'],
  { range }: Pick<Source, 'range'>,
  { from, to }: Interval,
): Series['points'] {
  const whole = points.filter(({ start, end }) => start >= Math.max(from, range.from) && end <= to);
  const first = whole.findIndex(({ stats }) => stats.rowCount > 0);
  return first === -1 ? [] : whole.slice(first);
}
