import { defined } from '../../core/defined.ts';
import { weekdayOf } from '../../core/time/calendar-range.ts';
import type { Interval } from '../../core/time/range.ts';

/** A calendar day and what was counted on it. Times in epoch milliseconds. */
export interface DayValue {
  readonly start: number;
  readonly end: number;
  /** Null: not known. */
  readonly value: number | null;
}

/** What is known when a forecast is made. */
export interface ForecastBasis {
  /** Whole days before today to learn from, ascending. */
  readonly past: readonly DayValue[];
  /** All days of the month, ascending; those after now have nothing yet. */
  readonly month: readonly DayValue[];
  readonly now: number;
  readonly timeZone: string;
}

/** A forecast of the sum of a month. */
export interface Forecast {
  /** What was counted in the month until now. */
  readonly soFar: number;
  /** Null if there is nothing to learn from. */
  readonly forecast: number | null;
  /** The sum ends up between these with a probability of 80 %. Null if too few days are known. */
  readonly low: number | null;
  readonly high: number | null;
  /** The days to learn from; null if there are none. */
  readonly learnedFrom: Interval | null;
  /** For each day of the month, the sum at its end: as counted, then as expected. */
  readonly sums: readonly { readonly day: Interval; readonly sum: number }[];
}

/**
 * The 90 % quantile of the standard normal distribution: 80 % of values lie within this many
 * deviations of the mean.
 */
const DEVIATIONS = 1.2815515655446004;

/**
 * Adds up what is expected of the rest of the month. Each day counts as the mean of the past days
 * of the same weekday, or of all days if there are none. Today counts by the share of the day that
 * is left.
 *
 * The interval assumes that days differ from the mean of their weekday independently and normally
 * distributed, all with the variance of the past days: the residual sum of squares divided by its
 * degrees of freedom, days less weekdays (a one-way analysis of variance; Montgomery, Design and
 * Analysis of Experiments, chapter 3). It does not know trends, holidays or changes to come.
 */
export function forecastMonth({ past, month, now, timeZone }: ForecastBasis): Forecast {
  const soFar = month.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const known = past.filter((day): day is DayValue & { readonly value: number } => day.value !== null);
  const pattern = learnPattern(known, (instant) => weekdayOf(instant, timeZone));
  let sum = 0;
  let squares = 0;
  const sums = month.map(({ start, end, value }) => {
    const left = Math.min(1, Math.max(0, (end - now) / (end - start)));
    squares += left ** 2;
    sum += (value ?? 0) + left * (pattern?.meanOf(start) ?? 0);
    return { day: { from: start, to: end }, sum };
  });
  if (pattern === null) return { soFar, forecast: null, low: null, high: null, learnedFrom: null, sums };
  const { variance } = pattern;
  const margin = variance === null ? null : DEVIATIONS * Math.sqrt(squares * variance);
  return {
    soFar,
    forecast: sum,
    // Values are not negative, so the sum cannot fall below what was already counted.
    low: margin === null ? null : Math.max(soFar, sum - margin),
    high: margin === null ? null : sum + margin,
    learnedFrom: { from: defined(known[0]).start, to: defined(known.at(-1)).end },
    sums,
  };
}

interface Pattern {
  /** What is expected of the day that begins at this instant. */
  meanOf(start: number): number;
  /** The variance of a day around the mean of its weekday; null if it is not known. */
  readonly variance: number | null;
}

function learnPattern(
  days: readonly { readonly start: number; readonly value: number }[],
  weekday: (start: number) => number,
): Pattern | null {
  if (days.length === 0) return null;
  const weekdays = new Set(days.map(({ start }) => weekday(start)));
  const means = new Map(
    [...weekdays].map((of) => [of, meanOf(days.filter(({ start }) => weekday(start) === of))]),
  );
  const all = meanOf(days);
  const residuals = days.reduce(
    (sum, { start, value }) => sum + (value - defined(means.get(weekday(start)))) ** 2,
    0,
  );
  const freedom = days.length - means.size;
  return {
    meanOf: (start) => means.get(weekday(start)) ?? all,
    variance: freedom > 0 ? residuals / freedom : null,
  };
}

const meanOf = (days: readonly { readonly value: number }[]): number =>
  days.reduce((sum, { value }) => sum + value, 0) / days.length;
