import type { RollupGrain } from '../dataset/rollup-set.ts';

/**
 * From when on the rows and cells of a dataset are complete in a project, in epoch milliseconds;
 * always a UTC midnight. Before that instant some may have been removed, and late events may have
 * added incomplete ones. The horizons of `rows` and `cells` only move forward.
 */
export interface Horizons {
  readonly rows: number;
  /** By `levelName`. Nothing was removed from a level without an entry. */
  readonly cells: ReadonlyMap<string, number>;
  /**
   * By `levelName`, for levels whose cells are being made from the rows: the instant from which
   * they are made. These instants move backward, from the newest day to the oldest.
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

/** From when on the cells of a set are complete in a grain. */
export const cellsHorizon = (horizons: Horizons, dimensionSet: string, grain: RollupGrain): number =>
  horizonOf(horizons, levelName(grain, dimensionSet));

/** Whether these horizons equal the former ones, except for cells that were made meanwhile. */
export function differOnlyByMaking(now: Horizons, before: Horizons): boolean {
  const levels = [now, before].flatMap(({ cells, making }) => [...cells.keys(), ...making.keys()]);
  return now.rows === before.rows && levels.every(isAsBefore);

  function isAsBefore(level: string): boolean {
    const [is, was] = [horizonOf(now, level), horizonOf(before, level)];
    return is === was || (before.making.has(level) && is < was);
  }
}

const horizonOf = ({ cells, making }: Horizons, level: string): number =>
  Math.max(cells.get(level) ?? Number.NEGATIVE_INFINITY, making.get(level) ?? Number.NEGATIVE_INFINITY);
