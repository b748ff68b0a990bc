import { ROLLUP_WIDTH_MS, type RollupGrain } from '../core/dataset/rollup-set.ts';
import type { Interval } from '../core/time/range.ts';
import { type AvailableFrom, SEGMENT_SOURCES } from './cover.ts';

/**
 * A boundary that cuts the finest cell that is kept there, and the edge of that cell that stands in
 * for it.
 */
export interface MovedBoundary {
  readonly asked: number;
  readonly answered: number;
}

/** A boundary of the answer. */
export interface Cut {
  readonly instant: number;
  /**
   * Which of the asked boundaries it is; null: several have become one, for nothing is kept that
   * could tell them apart.
   */
  readonly position: number | null;
}

/** How a question is cut by what is kept, so that cells and rows cover every bucket exactly. */
export interface Fit {
  /**
   * Ascending and apart, from the first to the last; two equal ones when nothing is kept of the
   * range.
   */
  readonly cuts: readonly Cut[];
  /** The beginning of the range that nothing holds any more; null: all is held. */
  readonly missing: Interval | null;
  /** From when on something is held. */
  readonly since: number;
  readonly moved: readonly MovedBoundary[];
  /** Milliseconds by which boundaries were moved, all together: less is finer. */
  readonly shift: number;
}

/** The question as it was asked. */
export function asAsked(asked: readonly number[]): Fit {
  const cuts = asked.map((instant, position) => ({ instant, position }));
  return { cuts, missing: null, since: Number.NEGATIVE_INFINITY, moved: [], shift: 0 };
}

/**
 * Moves every boundary that cuts a cell, where nothing finer is kept, to the nearer edge of the
 * cell: the cell counts whole where most of it lies. Neighbouring ranges and buckets stay
 * neighbours, so none counts a cell twice and none is lost. A range that would vanish is widened to
 * the cells that it touches. What lies before everything that is kept is left out.
 *
 * Horizons are midnights in UTC, so from any of them on whole cells of every grain are there.
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
  const finestFirst = SEGMENT_SOURCES.filter(
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

/** The edge before the instant where both are as near. */
function nearestEdge(instant: number, width: number): number {
  const before = Math.floor(instant / width) * width;
  return instant - before <= width / 2 ? before : before + width;
}

/** The cells that the range touches. */
function widened({ from, to }: Interval, widthAt: (instant: number) => number): Cut[] {
  const [first, last] = [widthAt(from), widthAt(to)];
  return [
    { instant: Math.floor(from / first) * first, position: null },
    { instant: Math.ceil(to / last) * last, position: null },
  ];
}

/**
 * One cut for the boundaries that fall together. Of those before everything that is kept, the last
 * one begins the first bucket.
 */
function mergeEqual(asked: readonly number[], answered: readonly number[], since: number): Cut[] {
  const cuts: Cut[] = [];
  answered.forEach((instant, position) => {
    if (cuts.at(-1)?.instant !== instant) cuts.push({ instant, position });
    else
      cuts[cuts.length - 1] = { instant, position: (asked[position] as number) <= since ? position : null };
  });
  return cuts;
}

/**
 * The ends of the range, and the boundaries that stand for one alone: those that have become one
 * are no boundaries any more.
 */
function movesOf(asked: readonly number[], cuts: readonly Cut[], kept: Interval): MovedBoundary[] {
  const [first, ...inner] = cuts as [Cut, ...Cut[]];
  const last = inner.pop() as Cut;
  const moves = [
    { asked: kept.from, answered: first.instant },
    ...inner.flatMap(({ instant, position }) =>
      position === null ? [] : [{ asked: asked[position] as number, answered: instant }],
    ),
    { asked: kept.to, answered: last.instant },
  ];
  return moves.filter((boundary) => boundary.asked !== boundary.answered);
}

function shiftOf(asked: readonly number[], answered: readonly number[], since: number): number {
  return asked.reduce(
    (sum, instant, index) => (instant <= since ? sum : sum + Math.abs(instant - (answered[index] as number))),
    0,
  );
}
