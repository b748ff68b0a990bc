import { defined } from '../defined.ts';
import type { Interval } from './range.ts';
import { DAY_MS } from './units.ts';
import { bucketBoundaries } from './zone.ts';

/**
 * When the clocks go back, a day of a zone is longer than 24 hours, by up to a whole day at the
 * date line.
 */
const MARGIN_DAYS = 3;

/** The most days that a question answers one by one: as many as a series has points. */
export const MAX_DAYS = 1_000;

/**
 * The last `days` days of the zone, today included: from the start of the first to the end of
 * today.
 */
export function lastDays(days: number, timeZone: string, now: number): Interval {
  const around = { from: now - (days + MARGIN_DAYS) * DAY_MS, to: now + 1 };
  // The range begins and ends within days.
  const boundaries = bucketBoundaries(around, 'DAY', timeZone, days + MARGIN_DAYS + 2);
  return { from: defined(boundaries.at(-1 - days)), to: defined(boundaries.at(-1)) };
}
