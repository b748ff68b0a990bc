import { Temporal } from 'temporal-polyfill';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './units.ts';

/**
 * The milliseconds of an ISO-8601 duration of fixed length, such as "PT5M" or "P7D"; a day has 24
 * hours. Null if the text is not a duration, and for years and months, whose length depends on when
 * they begin.
 */
export function durationMs(text: string): number | null {
  const duration = parseDuration(text);
  if (duration === null || duration.years !== 0 || duration.months !== 0) return null;
  const { weeks, days, hours, minutes, seconds, milliseconds } = duration;
  const ofDays = (weeks * 7 + days) * DAY_MS;
  return ofDays + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS + milliseconds;
}

/** Parses an ISO-8601 duration; null if the text is not one. */
export function parseDuration(text: string): Temporal.Duration | null {
  try {
    return Temporal.Duration.from(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Milliseconds as ISO-8601 text; the largest unit is a day of 24 hours: "PT5M", "P7D". */
export function toDuration(milliseconds: number): string {
  return Temporal.Duration.from({ milliseconds }).round({ largestUnit: 'day' }).toString();
}
