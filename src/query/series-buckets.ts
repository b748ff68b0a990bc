import { chooseGrain, type TimeGrain } from '../core/time/grain.ts';
import type { Interval } from '../core/time/range.ts';
import { bucketBoundaries } from '../core/time/zone.ts';

/** How a range is cut into the points of a series. */
export interface SeriesBuckets {
  /** As `QuerySpec.boundaries`: the calendar's cuts, with the range's own ends at the ends. */
  readonly boundaries: readonly number[];
  /** Start and end of each bucket on the calendar. Of the first and the last bucket only the part in the range is counted. */
  readonly bounds: readonly { readonly start: number; readonly end: number }[];
}

/**
 * Cuts the range at the calendar of the zone; AUTO takes the finest grain that makes a readable chart (at most 300 points).
 *
 * @throws InvalidArgument for an unknown zone, and for more than 1,000 points: names the grain that fits.
 */
export function cutSeries(range: Interval, grain: TimeGrain | 'AUTO', timeZone: string): SeriesBuckets {
  const calendar = bucketBoundaries(range, grain === 'AUTO' ? chooseGrain(range) : grain, timeZone);
  return {
    boundaries: [range.from, ...calendar.slice(1, -1), range.to],
    bounds: calendar.slice(1).map((end, index) => ({ start: calendar[index] as number, end })),
  };
}
