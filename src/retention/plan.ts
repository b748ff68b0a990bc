import { ROLLUP_GRAINS, ROLLUP_WIDTH_MS, type RollupGrain } from '../core/dataset/dataset.ts';
import type { RetentionDays } from '../core/dataset/retention.ts';
import { bucketStart } from '../core/rollup/fold.ts';

/** Before which instant (epoch milliseconds, a midnight in UTC) rows and cells go; -Infinity: none go. */
export type Cutoffs = Readonly<Record<'RAW' | RollupGrain, number>>;

/**
 * What retention removes now: whole days in UTC, so that the days that stay are whole. Today does not count: n days are the
 * last n times 24 hours from any moment of today, and up to a day more.
 */
export function planRetention(days: RetentionDays, now: number): Cutoffs {
  const today = bucketStart(now, 'DAY');
  const cutoff = (kept: number | null): number =>
    kept === null ? Number.NEGATIVE_INFINITY : today - kept * ROLLUP_WIDTH_MS.DAY;
  const cells = Object.fromEntries(ROLLUP_GRAINS.map((grain) => [grain, cutoff(days[grain])]));
  return { RAW: cutoff(days.rows), ...(cells as Record<RollupGrain, number>) };
}
