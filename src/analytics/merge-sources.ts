import { ROLLUP_GRAINS } from '../core/dataset/rollup-set.ts';
import { defined } from '../core/defined.ts';
import type { Interval } from '../core/time/range.ts';
import type { Segment } from './cover.ts';
import type { Source } from './spec.ts';

const COARSEST_FIRST = [...ROLLUP_GRAINS.toReversed(), 'COLUMNS', 'RAW', 'ARCHIVE'] as const;

/**
 * Merges the sources of one or more answers: a range that spans theirs, everything that was read,
 * and everything that any of them lacks.
 */
export function mergeSources(sources: readonly Source[]): Source {
  const [first] = sources;
  if (first === undefined) throw new Error('There are no sources to merge');
  if (sources.length === 1) return first;
  const grains = sources.map(({ grain }) => (grain === null ? -1 : ROLLUP_GRAINS.indexOf(grain)));
  return {
    kind: sources.every(({ kind }) => kind === first.kind) ? first.kind : 'MIXED',
    grain: ROLLUP_GRAINS[Math.max(...grains)] ?? null,
    rowsRead: sources.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
    archivedRows: sources.reduce((sum, { archivedRows }) => sum + archivedRows, 0),
    reason: [...new Set(sources.map(({ reason }) => reason))].join('; '),
    range: hullOf(sources.map(({ range }) => range)),
    segments: mergeSegments(sources.flatMap(({ segments }) => segments)),
    missing: union(sources.flatMap(({ missing }) => missing)),
    moved: distinct(sources.flatMap(({ moved }) => moved)).sort((one, other) => one.asked - other.asked),
    ...furthestBehind(sources),
  };
}

function furthestBehind(sources: readonly Source[]): Pick<Source, 'behindMs'> {
  const known = sources.flatMap(({ behindMs }) => (behindMs === undefined ? [] : [behindMs]));
  return known.length === 0 ? {} : { behindMs: Math.max(...known) };
}

/** From the first start to the last end. If all ranges are empty, the first of them. */
function hullOf(ranges: readonly Interval[]): Interval {
  const filled = ranges.filter(({ from, to }) => from < to);
  if (filled.length === 0) return defined(ranges[0]);
  return {
    from: Math.min(...filled.map(({ from }) => from)),
    to: Math.max(...filled.map(({ to }) => to)),
  };
}

function mergeSegments(segments: readonly Segment[]): Segment[] {
  return COARSEST_FIRST.flatMap((source) => {
    const ranges = segments
      .filter((segment) => segment.source === source)
      .flatMap((segment) => segment.ranges);
    return ranges.length === 0 ? [] : [{ source, ranges: union(ranges) }];
  });
}

/** The same stretches, ascending, with overlapping and adjacent ones merged. */
function union(ranges: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (last === undefined || range.from > last.to) merged.push({ ...range });
    else last.to = Math.max(last.to, range.to);
  }
  return merged;
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
