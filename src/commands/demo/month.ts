import { DAY_MS } from '../../core/time/units.ts';
import { anchorOf } from './generate.ts';
import type { MonthOptions } from './rhythm.ts';

export const MONTH_MS = 30 * DAY_MS;
/**
 * A request takes up to a minute and a half; the month ends before now so that no event lies in the
 * future.
 */
const SETTLING_MS = 90_000;

/** The newest request of the demo that the database has. */
export interface NewestRequest {
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

/** What is to be generated: the requests that begin in [from, to) of the month. */
export interface FillPlan {
  readonly month: MonthOptions;
  readonly from: number;
  readonly to: number;
}

/**
 * An empty database gets the 30 days up to now. One that has demo requests gets what is missing
 * since the newest of them, be it that the first fill was interrupted or that the demo was off for
 * a while; when that is more than a month ago, a new month.
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
