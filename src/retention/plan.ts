import type { RetentionDays } from '../core/dataset/retention.ts';
import { ROLLUP_GRAINS, ROLLUP_WIDTH_MS, type RollupGrain } from '../core/dataset/rollup-set.ts';
import { bucketStart } from '../core/rollup/fold.ts';

/**
 * Before which instant (epoch milliseconds, a midnight in UTC) rows and cells go; -Infinity: none
 * go.
 */
export type Cutoffs = Readonly<Record<'RAW' | RollupGrain, number>>;

/**
 * What retention removes now: whole days in UTC, so that the days that stay are whole. Today does
 * not count: n days are the last n times 24 hours from any moment of today, and up to a day more.
 */
export function planRetention(days: RetentionDays, now: number): Cutoffs {
  const cells = Object.fromEntries(ROLLUP_GRAINS.map((grain) => [grain, cutoffOf(days[grain], now)]));
  return { RAW: cutoffOf(days.rows, now), ...(cells as Record<RollupGrain, number>) };
}

/** Before which midnight goes what is kept so many days; null: for ever. */
export function cutoffOf(days: number | null, now: number): number {
  return days === null ? Number.NEGATIVE_INFINITY : bucketStart(now, 'DAY') - days * ROLLUP_WIDTH_MS.DAY;
}
