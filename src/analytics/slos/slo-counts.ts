import { both } from '../../core/build-filter.ts';
import { defined } from '../../core/defined.ts';
import type { Filter } from '../../core/filter.ts';
import type { AskedRange } from '../../core/time/range.ts';
import type { Analytics } from '../analytics.ts';
import { type Ratio, type RatioQuestion, ratioOfTotals } from '../formulas/ratio.ts';
import { ratioOverTime } from '../formulas/ratio-series.ts';
import type { Answer, Scope, SeriesOptions, Stats } from '../spec.ts';
import type { SloCounts } from './error-budget.ts';
import type { Slo } from './slo.ts';

/** Which events of an SLO to count. */
export interface SloScope {
  readonly projectId: string;
  readonly slo: Slo;
  readonly range: AskedRange;
}

/** The events of an SLO in one time bucket. `start` and `end` are its bounds on the calendar. */
export interface SloBucket extends SloCounts {
  readonly start: number;
  readonly end: number;
}

/**
 * How many events there are in the range, and how many of them are good. Null if no part of the
 * range is kept.
 */
export async function countSlo(
  analytics: Pick<Analytics, 'totals'>,
  asked: SloScope,
): Promise<Answer<SloCounts | null>> {
  const { good } = asked.slo;
  if (good !== null) {
    const { value, source } = await ratioOfTotals(analytics, ratioOf(asked, good));
    return { value: value.denominator === null ? null : fromRatio(value), source };
  }
  const { value, source } = await analytics.totals(scopeOf(asked), []);
  return { value: source.range.from < source.range.to ? fromSuccess(value) : null, source };
}

/**
 * The same per time bucket, oldest first, including buckets without events. Empty if no part of the
 * range is kept.
 */
export async function countSloOverTime(
  analytics: Pick<Analytics, 'groups' | 'series'>,
  asked: SloScope,
  options: Pick<SeriesOptions, 'grain' | 'timeZone'>,
): Promise<Answer<readonly SloBucket[]>> {
  const { good } = asked.slo;
  if (good !== null) {
    const one = { orderBy: { by: 'denominator', direction: 'desc' }, first: 1 } as const;
    const wanted = { ...options, ...one, dimensions: [] };
    const { value, source } = await ratioOverTime(analytics, ratioOf(asked, good), wanted);
    const points = value[0]?.points ?? [];
    return { value: points.map(({ start, end, ...ratio }) => ({ start, end, ...fromRatio(ratio) })), source };
  }
  const whole = { ...options, dimensions: [], top: 1, fill: 'ZERO' } as const;
  const { value, source } = await analytics.series(scopeOf(asked), [], whole);
  const { points } = defined(value[0]);
  return { value: points.map(({ start, end, stats }) => ({ start, end, ...fromSuccess(stats) })), source };
}

/** All events that count. */
export const scopeOf = ({ projectId, slo: { dataset, filter }, range }: SloScope): Scope => ({
  ...{ dataset, projectId, range, filter },
});

/** The good events divided by all events. Both are counts, so each has a number. */
function ratioOf({ projectId, slo: { dataset, filter }, range }: SloScope, good: Filter): RatioQuestion {
  const all = { dataset, filter, aggregate: 'count', earlier: null } as const;
  return { projectId, range, numerator: { ...all, filter: both(good, filter) }, denominator: all };
}

const fromRatio = ({ numerator, denominator }: Ratio): SloCounts => ({
  events: Number(denominator),
  good: Number(numerator),
});

/** From the statistics of a dataset that records whether its events succeeded. */
export const fromSuccess = ({ rowCount, successCount }: Stats): SloCounts => ({
  events: rowCount,
  good: Number(successCount),
});
