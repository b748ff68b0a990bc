import { ROLLUP_WIDTH_MS, type RollupGrain } from '../core/dataset/rollup-set.ts';
import { defined } from '../core/defined.ts';
import type { Interval } from '../core/time/range.ts';
import { type AvailableFrom, KEPT_SOURCES } from './cover.ts';

/**
 * A boundary that lies within the finest cell kept there, and the edge of that cell that replaces
 * it.
 */
export interface MovedBoundary {
  readonly asked: number;
  readonly answered: number;
}

/** A boundary of the answer. */
export interface Cut {
  readonly instant: number;
  /**
   * The cut's index among the requested boundaries. Null if several boundaries became one, because
   * nothing is kept that could separate them.
   */
  readonly position: number | null;
}

/** How a question is cut, so that the cells and rows that are kept cover every bucket exactly. */
export interface Fit {
  /** Ascending and distinct. Two equal cuts if nothing of the range is kept. */
  readonly cuts: readonly Cut[];
  /** The part at the beginning of the range whose data has expired; null if there is none. */
  readonly missing: Interval | null;
  /** The earliest instant from which some source is complete. */
  readonly since: number;
  readonly moved: readonly MovedBoundary[];
  /** The sum of all moves, in milliseconds. The finer the cells, the smaller it is. */
  readonly shift: number;
}

/** No boundary is moved. */
export function asAsked(asked: readonly number[]): Fit {
  const cuts = asked.map((instant, position) => ({ instant, position }));
  return { cuts, missing: null, since: Number.NEGATIVE_INFINITY, moved: [], shift: 0 };
}

/**
 * Moves every boundary that lies within a cell, where nothing finer is kept, to the nearer edge of
 * that cell. So the cell counts as a whole in the bucket that contains most of it. Adjacent buckets
 * stay adjacent, so no cell is counted twice or lost. A range that would become empty is widened to
 * the cells that it touches. The part of the range before all data that is kept is left out.
 *
 * Horizons are UTC midnights, so after a horizon the cells of every grain are complete.
 *
 * @param grains the grains of the rollup set; empty: rows only.
 */
export function fitBoundaries(
  asked: readonly number[],
  grains: readonly RollupGrain[],
  availableFrom: AvailableFrom,
): Fit {
  const [from, to] = [asked[0], asked.at(-1)];
  if (from === undefined || to === undefined) return asAsked(asked);
  const finestFirst = KEPT_SOURCES.filter(
    (source) => source === 'RAW' || grains.includes(source),
  ).toReversed();
  const since = Math.min(...finestFirst.map((source) => availableFrom[source]));
  const missing = from < since ? { from, to: Math.min(to, since) } : null;
  if (to <= since) {
    const cuts = [0, asked.length - 1].map((position) => ({ instant: to, position }));
    return { cuts, missing, since, moved: [], shift: 0 };
  }
  const widthAt = (instant: number): number => {
    const finest = finestFirst.find((source) => availableFrom[source] <= instant) ?? 'RAW';
    return finest === 'RAW' ? 1 : ROLLUP_WIDTH_MS[finest];
  };
  const answered = asked.map((instant) =>
    instant <= since ? since : nearestEdge(instant, widthAt(instant)),
  );
  const vanishes = answered[0] === answered.at(-1);
  const kept = { from: Math.max(from, since), to };
  const cuts = vanishes ? widened(kept, widthAt) : mergeEqual(asked, answered, since);
  const shift = shiftOf(asked, answered, since);
  return { cuts, missing, since, moved: movesOf(asked, cuts, kept), shift };
}

/** The nearest edge of the cell. If both are equally near, the earlier one. */
function nearestEdge(instant: number, width: number): number {
  const before = Math.floor(instant / width) * width;
  return instant - before <= width / 2 ? before : before + width;
}

/** The range, widened to the cells that it touches. */
function widened({ from, to }: Interval, widthAt: (instant: number) => number): Cut[] {
  const [first, last] = [widthAt(from), widthAt(to)];
  return [
    { instant: Math.floor(from / first) * first, position: null },
    { instant: Math.ceil(to / last) * last, position: null },
  ];
}

/**
 * Merges boundaries that became equal into one cut. Of the boundaries before all data that is kept,
 * the last one begins the first bucket.
 */
function mergeEqual(asked: readonly number[], answered: readonly number[], since: number): Cut[] {
  const cuts: Cut[] = [];
  answered.forEach((instant, position) => {
    if (cuts.at(-1)?.instant !== instant) cuts.push({ instant, position });
    else cuts[cuts.length - 1] = { instant, position: defined(asked[position]) <= since ? position : null };
  });
  return cuts;
}

/**
 * The moves of the two ends of the range and of the boundaries that are still distinct. Boundaries
 * that became one do not count.
 */
function movesOf(asked: readonly number[], cuts: readonly Cut[], kept: Interval): MovedBoundary[] {
  const moves = [
    { asked: kept.from, answered: defined(cuts[0]).instant },
    ...cuts
      .slice(1, -1)
      .flatMap(({ instant, position }) =>
        position === null ? [] : [{ asked: defined(asked[position]), answered: instant }],
      ),
    { asked: kept.to, answered: defined(cuts.at(-1)).instant },
  ];
  return moves.filter((boundary) => boundary.asked !== boundary.answered);
}

function shiftOf(asked: readonly number[], answered: readonly number[], since: number): number {
  return asked.reduce(
    (sum, instant, index) => (instant <= since ? sum : sum + Math.abs(instant - defined(answered[index]))),
    0,
  );
}
