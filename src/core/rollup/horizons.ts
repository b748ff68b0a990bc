import type { RollupGrain } from '../dataset/rollup-set.ts';

/**
 * From when the rows and cells of a dataset are whole in a project, in epoch milliseconds; always a
 * midnight in UTC. Before it some may be gone, and late events may have left some that are not all.
 * Horizons only ever move forward.
 */
export interface Horizons {
  readonly rows: number;
  /** By `levelName`. Without an entry nothing was removed. */
  readonly cells: ReadonlyMap<string, number>;
}

/** Nothing was ever removed. */
export const NO_HORIZONS: Horizons = { rows: Number.NEGATIVE_INFINITY, cells: new Map() };

/** Names the cells of a set in one grain. */
export const levelName = (grain: string, dimensionSet: string): string => `${grain} ${dimensionSet}`;

/** From when the cells of a set are whole in a grain. */
export function cellsHorizon({ cells }: Horizons, dimensionSet: string, grain: RollupGrain): number {
  return cells.get(levelName(grain, dimensionSet)) ?? Number.NEGATIVE_INFINITY;
}
