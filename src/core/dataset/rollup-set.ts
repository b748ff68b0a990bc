import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/units.ts';
import type { Column } from './column.ts';

/** The grains that rollups are kept in, finest first, and their widths in milliseconds. */
export const ROLLUP_GRAINS = ['MINUTE', 'HOUR', 'DAY'] as const;
export type RollupGrain = (typeof ROLLUP_GRAINS)[number];
export const ROLLUP_WIDTH_MS: Readonly<Record<RollupGrain, number>> = {
  MINUTE: MINUTE_MS,
  HOUR: HOUR_MS,
  DAY: DAY_MS,
};

/** A set of dimensions that rollup cells are kept for. The empty set holds the totals. */
export interface RollupSet {
  readonly dimensions: readonly string[];
  readonly grains: readonly RollupGrain[];
}

/** The parts of a table that rollups aggregate. */
export interface RolledUp {
  readonly measures: readonly Column[];
  /** The measures whose rollups hold a histogram, in declared order. */
  readonly histogramMeasures: readonly Column[];
  /** True if the table has a `success` column, and so success and error counts. */
  readonly hasSuccess: boolean;
  readonly rollups: readonly RollupSet[];
}
