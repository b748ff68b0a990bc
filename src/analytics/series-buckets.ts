import { chooseGrain, type TimeGrain } from '../core/time/grain.ts';
import type { Interval } from '../core/time/range.ts';
import { bucketBoundaries } from '../core/time/zone.ts';
import type { Cut } from './fit.ts';
import type { Plan } from './plan.ts';

/** How a range is cut into the points of a series. */
export interface SeriesBuckets {
  /** As `QuerySpec.boundaries`: the calendar's cuts, with the range's own ends at the ends. */
  readonly boundaries: readonly number[];
  /**
   * Where each of them stands on the calendar: the first and the last one are those of whole
   * buckets.
   */
  readonly calendar: readonly number[];
}

/** Start and end of a bucket on the calendar. */
export interface Bounds {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts the range at the calendar of the zone; AUTO takes the finest grain that makes a readable
 * chart (at most 300 points).
 *
 * @throws InvalidArgument for an unknown zone, and for more than 1,000 points: names the grain that
 *   fits.
 */
export function cutSeries(range: Interval, grain: TimeGrain | 'AUTO', timeZone: string): SeriesBuckets {
  const calendar = bucketBoundaries(range, grain === 'AUTO' ? chooseGrain(range) : grain, timeZone);
  return {
    boundaries: [range.from, ...calendar.slice(1, -1), range.to],
    calendar,
  };
}

/**
 * The buckets that are answered. Those before everything that is kept are not there, and those that
 * are shorter than the cells that are left have become one, with the bounds of the cell.
 */
export function boundsOf(
  { plan: { cuts } }: { readonly plan: Pick<Plan, 'cuts'> },
  { calendar }: SeriesBuckets,
): Bounds[] {
  const onCalendar = ({ instant, position }: Cut): number =>
    position === null ? instant : (calendar[position] as number);
  return cuts.slice(1).flatMap((end, index) => {
    const start = cuts[index] as Cut;
    return start.instant < end.instant ? [{ start: onCalendar(start), end: onCalendar(end) }] : [];
  });
}
