import { DAY_MS } from '../../core/time/units.ts';
import { anchorOf } from './generate.ts';
import type { MonthOptions } from './rhythm.ts';

export const MONTH_MS = 30 * DAY_MS;
/**
 * A request takes up to a minute and a half. The month ends this long before now, so that no event
 * is in the future.
 */
const SETTLING_MS = 90_000;

/** The newest demo request in the database. */
export interface NewestRequest {
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

/** What to generate: the requests of the month that begin in [from, to). */
export interface FillPlan {
  readonly month: MonthOptions;
  readonly from: number;
  readonly to: number;
}

/**
 * Plans 30 days up to now for an empty database. A database with demo requests gets the events
 * since the newest one: the first fill was interrupted, or the demo did not run for a while. If the
 * newest request is more than a month old, the plan is a new month.
 */
export function planFill(
  newest: NewestRequest | null,
  now: number,
  { seed, scale }: { readonly seed: number; readonly scale: number },
): FillPlan {
  const to = now - SETTLING_MS;
  const anchor = newest === null ? null : anchorOf(newest.requestId);
  if (newest === null || anchor === null || newest.timestamp < to - MONTH_MS) {
    return { month: { seed, scale, anchor: now }, from: to - MONTH_MS, to };
  }
  return { month: { seed, scale, anchor }, from: Math.min(newest.timestamp, to), to };
}
