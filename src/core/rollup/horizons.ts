import type { RollupGrain } from '../dataset/rollup-set.ts';

/**
 * From when the rows and cells of a dataset are complete in a project, in epoch milliseconds;
 * always a midnight in UTC. Before that instant some may have been removed, and late events may
 * have added incomplete ones. Horizons only move forward.
 */
export interface Horizons {
  readonly rows: number;
  /** By `levelName`. Nothing was removed from a level without an entry. */
  readonly cells: ReadonlyMap<string, number>;
}

/** Nothing was ever removed. */
export const NO_HORIZONS: Horizons = { rows: Number.NEGATIVE_INFINITY, cells: new Map() };

/** The name of a level: the cells of a set in one grain. */
export const levelName = (grain: string, dimensionSet: string): string => `${grain} ${dimensionSet}`;

/** From when the cells of a set are complete in a grain. */
export function cellsHorizon({ cells }: Horizons, dimensionSet: string, grain: RollupGrain): number {
  return cells.get(levelName(grain, dimensionSet)) ?? Number.NEGATIVE_INFINITY;
}
