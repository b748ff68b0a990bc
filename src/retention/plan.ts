import type { RetentionDays } from '../core/dataset/retention.ts';
import { ROLLUP_GRAINS, ROLLUP_WIDTH_MS, type RollupGrain } from '../core/dataset/rollup-set.ts';
import { byName } from '../core/named.ts';
import { bucketStart } from '../core/rollup/fold.ts';

/**
 * The instants (epoch milliseconds, midnights in UTC) before which rows and cells are removed;
 * -Infinity: none are.
 */
export type Cutoffs = Readonly<Record<'RAW' | RollupGrain, number>>;

/**
 * What retention removes now: whole UTC days, so that the days that are kept are complete. Today
 * does not count: n days are at least the last n times 24 hours, and up to a day more.
 */
export function planRetention(days: RetentionDays, now: number): Cutoffs {
  return {
    RAW: cutoffOf(days.rows, now),
    ...byName(ROLLUP_GRAINS, (grain) => cutoffOf(days[grain], now)),
  };
}

/** The midnight before which data expires if it is kept for this many days; null: never. */
export function cutoffOf(days: number | null, now: number): number {
  return days === null ? Number.NEGATIVE_INFINITY : bucketStart(now, 'DAY') - days * ROLLUP_WIDTH_MS.DAY;
}
