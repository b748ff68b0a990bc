import { defined } from '../core/defined.ts';
import type { Interval } from '../core/time/range.ts';
import { DAY_MS } from '../core/time/units.ts';
import type { GroupTotals } from './accumulator.ts';
import type { Occurrence } from './spec.ts';

/**
 * About 27 years. The part of a range before them is one stretch. This limits the number of cuts.
 */
const MAX_DAYS = 10_000;

/**
 * Boundaries as in `QuerySpec`: the range, cut at the UTC midnights at which day cells begin. `now`
 * is the present in epoch milliseconds.
 */
export function cutByDays({ from, to }: Interval, now: number): number[] {
  const boundaries = [from];
  // Timestamps more than a day ahead of the server's clock are rejected, so later days have no rows
  // and need no cuts.
  const latest = Math.min(to, now + 2 * DAY_MS);
  const earliest = Math.max(from, latest - MAX_DAYS * DAY_MS);
  for (let day = (Math.floor(earliest / DAY_MS) + 1) * DAY_MS; day < latest; day += DAY_MS)
    boundaries.push(day);
  boundaries.push(to);
  return boundaries;
}

/**
 * How many rows a group has in all buckets, and its first and last bucket. The group must have
 * rows.
 */
export function stretchesOf(
  { buckets }: GroupTotals,
  boundaries: readonly number[],
): Omit<Occurrence, 'dimensions'> {
  // Ascending, and without the holes of the sparse array: a group has rows on few days of a long
  // range.
  const indexes = Object.keys(buckets).map(Number);
  const rowCount = indexes.reduce((sum, index) => sum + (buckets[index]?.rowCount ?? 0), 0);
  const stretch = (index: number): Interval => ({
    from: defined(boundaries[index]),
    to: defined(boundaries[index + 1]),
  });
  return { rowCount, first: stretch(defined(indexes[0])), last: stretch(defined(indexes.at(-1))) };
}
