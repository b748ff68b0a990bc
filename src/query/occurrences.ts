import { DAY_MS } from '../core/time/grain.ts';
import type { Interval } from '../core/time/range.ts';
import type { GroupTotals } from './accumulator.ts';
import type { Occurrence } from './spec.ts';

/** About 27 years: what lies before them in a range is one stretch, so that no range has more cuts than can be handled. */
const MOST_DAYS = 10_000;

/** As `QuerySpec.boundaries`: the range, cut at the midnights of UTC, where day cells begin. */
export function cutByDays({ from, to }: Interval): number[] {
  const boundaries = [from];
  const earliest = Math.max(from, to - MOST_DAYS * DAY_MS);
  for (let day = (Math.floor(earliest / DAY_MS) + 1) * DAY_MS; day < to; day += DAY_MS) boundaries.push(day);
  boundaries.push(to);
  return boundaries;
}

/** How many rows a group has in all buckets, and its first and its last bucket. It has rows. */
export function stretchesOf(
  { buckets }: GroupTotals,
  boundaries: readonly number[],
): Omit<Occurrence, 'dimensions'> {
  let rowCount = 0;
  let [first, last] = [-1, -1];
  // Skips the holes: most groups have rows on few days.
  buckets.forEach((bucket, index) => {
    if (bucket === undefined) return;
    rowCount += bucket.rowCount;
    if (first < 0) first = index;
    last = index;
  });
  const stretch = (index: number): Interval => ({
    from: boundaries[index] as number,
    to: boundaries[index + 1] as number,
  });
  return { rowCount, first: stretch(first), last: stretch(last) };
}
