import type { RollupGrain } from '../dataset/rollup-set.ts';

/**
 * From when the rows and cells of a dataset are complete in a project, in epoch milliseconds;
 * always a midnight in UTC. Before that instant some may have been removed, and late events may
 * have added incomplete ones. The horizons of `rows` and `cells` only move forward.
 */
export interface Horizons {
  readonly rows: number;
  /** By `levelName`. Nothing was removed from a level without an entry. */
  readonly cells: ReadonlyMap<string, number>;
  /**
   * By `levelName`: from when the cells are made of levels that are being made from the rows. These
   * instants move backward, from the newest day to the oldest.
   */
  readonly making: ReadonlyMap<string, number>;
}

/** Nothing was ever removed, and nothing is being made. */
export const NO_HORIZONS: Horizons = {
  rows: Number.NEGATIVE_INFINITY,
  cells: new Map(),
  making: new Map(),
};

/** The name of a level: the cells of a set in one grain. */
export const levelName = (grain: string, dimensionSet: string): string => `${grain} ${dimensionSet}`;

/** The parts of such a name. */
export function levelOf(name: string): { readonly grain: string; readonly dimensionSet: string } {
  const [grain = '', ...dimensionSet] = name.split(' ');
  return { grain, dimensionSet: dimensionSet.join(' ') };
}

/** From when the cells of a set are complete in a grain. */
export function cellsHorizon({ cells, making }: Horizons, dimensionSet: string, grain: RollupGrain): number {
  const level = levelName(grain, dimensionSet);
  const kept = cells.get(level) ?? Number.NEGATIVE_INFINITY;
  return Math.max(kept, making.get(level) ?? Number.NEGATIVE_INFINITY);
}
