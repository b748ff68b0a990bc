import { MAX_ESTIMATED_READ } from '../../analytics/estimate.ts';
import { MINUTE_MS } from '../../core/time/units.ts';
import { instantBefore } from '../duration.ts';
import { costs } from '../limits/field-cost.ts';
import { selectionOf } from '../selection.ts';

/**
 * The cost of the window of any SLO. The price of a query does not depend on stored data
 * (docs/decisions/0026), and the length and filters of a window are stored. So all windows cost the
 * same. A default page of SLOs with their status and two burn rates stays below the default limit.
 */
const WINDOW_COST = 2_500;
/** The most points of a series. */
const MAX_POINTS = 1_000;

/** The fields of a status that count the events of the window. */
const OF_WINDOW = ['events', 'good', 'bad', 'compliance', 'allowedBad', 'budgetConsumed', 'budgetRemaining'];

/**
 * The cost of a status: its window, if a number about the window is selected, or only where answers
 * come from.
 */
export const costsStatus = costs(({ info }) => {
  const selected = selectionOf(info);
  const has = (...fields: readonly string[]) => fields.some((field) => selected.has(field));
  const counts = has(...OF_WINDOW) || (has('source') && !has('series', 'burnRate'));
  return { rows: counts ? WINDOW_COST : 0 };
});

/** The window in buckets. */
export const costsSloSeries = costs(() => ({ rows: WINDOW_COST + MAX_POINTS, whole: true }));

/** A row per minute, as for other questions, for all events and for the good ones. */
export const costsBurnRate = costs(({ args, now }) => {
  const minutes = (now - instantBefore(args.over, now, 'over')) / MINUTE_MS;
  return { rows: Math.min(2 * Math.ceil(minutes), MAX_ESTIMATED_READ) };
});
