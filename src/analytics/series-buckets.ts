import { defined } from '../core/defined.ts';
import { chooseGrain, type TimeGrain } from '../core/time/grain.ts';
import type { Interval } from '../core/time/range.ts';
import { bucketBoundaries } from '../core/time/zone.ts';
import type { Cut } from './fit.ts';
import type { Plan } from './plan.ts';

/** How a range is cut into the points of a series. */
export interface SeriesBuckets {
  /**
   * Boundaries as in `QuerySpec`: cuts of the calendar, with the ends of the range at both ends.
   */
  readonly boundaries: readonly number[];
  /**
   * The calendar instant of each boundary. The first and the last one bound whole calendar buckets.
   */
  readonly calendar: readonly number[];
}

/** Start and end of a bucket on the calendar. */
export interface Bounds {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts the range by the calendar of the time zone. AUTO takes the finest grain that makes at most
 * 300 points: a readable chart.
 *
 * @throws InvalidArgument for an unknown zone, and for more than 1,000 points; the message names
 *   the grain that fits.
 */
export function cutSeries(range: Interval, grain: TimeGrain | 'AUTO', timeZone: string): SeriesBuckets {
  const calendar = bucketBoundaries(range, grain === 'AUTO' ? chooseGrain(range) : grain, timeZone);
  return {
    boundaries: [range.from, ...calendar.slice(1, -1), range.to],
    calendar,
  };
}

/** The range as one bucket. */
export function wholeRange({ from, to }: Interval): SeriesBuckets {
  return { boundaries: [from, to], calendar: [from, to] };
}

/**
 * The bounds of the buckets in the answer. Buckets before all data that is kept are left out.
 * Buckets shorter than the cells that are kept are merged into one with the bounds of the cell.
 */
export function boundsOf(
  { plan: { cuts } }: { readonly plan: Pick<Plan, 'cuts'> },
  { calendar }: SeriesBuckets,
): Bounds[] {
  const onCalendar = ({ instant, position }: Cut): number =>
    position === null ? instant : defined(calendar[position]);
  return cuts.slice(1).flatMap((end, index) => {
    const start = defined(cuts[index]);
    return start.instant < end.instant ? [{ start: onCalendar(start), end: onCalendar(end) }] : [];
  });
}
