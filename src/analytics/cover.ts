import { ROLLUP_WIDTH_MS, type RollupGrain } from '../core/dataset/rollup-set.ts';
import { defined } from '../core/defined.ts';
import type { Interval } from '../core/time/range.ts';

/** What is kept of a stretch of time: cells of a grain, or rows. */
export type KeptSource = RollupGrain | 'RAW';

/** Where rows are read from: their table, their columnar copy, the archive of expired rows. */
export type RowsOrigin = 'RAW' | 'COLUMNS' | 'ARCHIVE';

/** Where a stretch of time is read from: cells of a grain, or rows. */
export type SegmentSource = RollupGrain | RowsOrigin;

/**
 * The instant (epoch milliseconds) from which each source is complete; -Infinity: nothing has
 * expired.
 */
export type AvailableFrom = Readonly<Record<KeptSource, number>>;

/** What may be kept, coarsest first. */
export const KEPT_SOURCES: readonly KeptSource[] = ['DAY', 'HOUR', 'MINUTE', 'RAW'];

/**
 * The stretches that one source answers: ascending and disjoint. Those of cells are aligned to the
 * grain.
 */
export interface Segment<Source extends SegmentSource = SegmentSource> {
  readonly source: Source;
  readonly ranges: readonly Interval[];
}

/** A partition of the question's range over the sources. */
export interface Cover {
  /** Coarsest source first; sources that answer nothing are left out. */
  readonly segments: readonly Segment<KeptSource>[];
  /** The first stretch that no source holds any more; null if there is none. */
  readonly expired: Interval | null;
}

/**
 * Covers every bucket [boundaries[i], boundaries[i + 1]) by whole cells, coarsest first, and the
 * rest by rows. No cell crosses a boundary, so each cell belongs to one bucket. Adjacent stretches
 * are merged, even across buckets: a year of UTC days is one range.
 *
 * @param grains the grains of the rollup set, in any order; empty: rows only.
 */
export function coverBuckets(
  boundaries: readonly number[],
  grains: readonly RollupGrain[],
  availableFrom: AvailableFrom,
): Cover {
  const coarsestFirst = KEPT_SOURCES.filter((source) => source === 'RAW' || grains.includes(source));
  const ranges = new Map<KeptSource, { from: number; to: number }[]>();
  let expired: Interval | null = null;

  function put(source: KeptSource, from: number, to: number): void {
    const list = ranges.get(source);
    const last = list?.at(-1);
    if (list === undefined) ranges.set(source, [{ from, to }]);
    else if (last?.to === from) last.to = to;
    else list.push({ from, to });
  }

  function cover(from: number, to: number, level: number): void {
    if (from >= to) return;
    const source = defined(coarsestFirst[level]);
    const available = availableFrom[source];
    if (source === 'RAW') {
      if (from < available) expired ??= { from, to: Math.min(to, available) };
      put(source, from, to);
      return;
    }
    const width = ROLLUP_WIDTH_MS[source];
    const first = Math.ceil(Math.max(from, available) / width) * width;
    const end = Math.floor(to / width) * width;
    if (first >= end) {
      cover(from, to, level + 1);
      return;
    }
    cover(from, first, level + 1);
    put(source, first, end);
    cover(end, to, level + 1);
  }

  for (let index = 0; index + 1 < boundaries.length; index++) {
    cover(defined(boundaries[index]), defined(boundaries[index + 1]), 0);
  }
  const segments = coarsestFirst.flatMap((source) => {
    const list = ranges.get(source);
    return list === undefined ? [] : [{ source, ranges: list }];
  });
  return { segments, expired };
}

/** Whether a segment is read from cells. */
export const isOfCells = (segment: Segment): segment is Segment<RollupGrain> => !isOfRows(segment);

/** Whether a segment is read from rows, wherever they come from. */
export const isOfRows = (segment: Segment): segment is Segment<RowsOrigin> =>
  ORIGINS.some((origin) => origin === segment.source);

const ORIGINS: readonly RowsOrigin[] = ['RAW', 'COLUMNS', 'ARCHIVE'];

/** The total length of the ranges of a segment, in milliseconds. */
export function spanOf(segment: Segment | undefined): number {
  return segment?.ranges.reduce((total, range) => total + (range.to - range.from), 0) ?? 0;
}
