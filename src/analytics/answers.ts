import type { ColumnValue } from '../core/dataset/column.ts';
import { defined } from '../core/defined.ts';
import type { Interval } from '../core/time/range.ts';
import type { Portions } from '../runtime/portions.ts';
import { createAccumulator, type GroupTotals, toStats } from './accumulator.ts';
import { isOfCells } from './cover.ts';
import type { Distribution } from './distribution-spec.ts';
import type { Aggregation } from './execute.ts';
import { sortGroups } from './group-order.ts';
import type { ResolvedMeasure } from './measures.ts';
import type { Question } from './question.ts';
import type { ReadWindows } from './read-windows.ts';
import type {
  Answer,
  DimensionValues,
  Group,
  GroupOptions,
  Series,
  SeriesOptions,
  SlidingWindows,
  Source,
  Stats,
  WantedMeasure,
  WindowOptions,
} from './spec.ts';
import { toBuckets } from './value-bounds.ts';
import type { WindowFrame } from './window-frame.ts';

/** The value with its source. */
export function answer<Value>(
  { plan: { kind, segments, reason, missing, moved }, spec: { range }, behindMs = null }: Question,
  { rowsRead, archivedRows = 0 }: Pick<Aggregation, 'rowsRead' | 'archivedRows'>,
  value: Value,
): Answer<Value> {
  const [coarsest = null] = segments.filter(isOfCells).map(({ source }) => source);
  const what = { kind, grain: coarsest, rowsRead, archivedRows, reason };
  const exceptions = { missing: missing === null ? [] : [missing], moved };
  const source: Source = { ...what, range, segments, ...exceptions, ...(behindMs !== null && { behindMs }) };
  return { value, source };
}

/** The totals of a question with one bucket and no dimensions. */
export function toTotals(question: Question, { groups }: Aggregation): Stats {
  const accumulator = groups.list()[0]?.buckets[0] ?? createAccumulator(question.measures, false);
  return toStats(question, accumulator);
}

interface ShownGroups extends GroupOptions {
  /** The measures to show. The question may contain one more, which only the order needs. */
  readonly wanted: readonly WantedMeasure[];
}

/** The first groups of a question with one bucket, in order. */
export function toGroups(
  question: Question,
  { groups }: Aggregation,
  { orderBy, first, atLeast = 1, wanted }: ShownGroups,
): Group[] {
  const { spec, measures } = question;
  const shown = new Set(wanted.map(({ measure }) => measure));
  const large = groups.list().filter((group) => sizeOf(group) >= atLeast);
  return sortGroups(large, measures, orderBy)
    .slice(0, first)
    .map(({ values, buckets }) => ({
      dimensions: toDimensions(spec.dimensions, values),
      stats: toStats(question, defined(buckets[0]), shown),
    }));
}

/** How many rows a group of one bucket has. */
const sizeOf = ({ buckets: [only] }: GroupTotals): number => only?.rowCount ?? 0;

interface ShownPoints extends Pick<SeriesOptions, 'fill'>, Portions {
  /** Called with the number of points without events. An error that it throws ends the analysis. */
  readonly count: (used: { readonly cells: number }) => void;
  readonly bounds: readonly { readonly start: number; readonly end: number }[];
}

/**
 * The groups that `kept` names, in its order, then the series of all others. Without dimensions
 * there is one series, even if there are no rows.
 */
export async function toSeries(
  question: Question,
  { groups, kept }: Aggregation,
  { fill, bounds, pass, count }: ShownPoints,
): Promise<Series[]> {
  const { spec, measures } = question;
  const empty = toStats(question, createAccumulator(measures, false));
  const toPoints = ({ buckets }: GroupTotals): Series['points'] =>
    bounds.flatMap(({ start, end }, index) => {
      const accumulator = buckets[index];
      if (accumulator === undefined && fill === 'NONE') return [];
      const stats: Stats = accumulator === undefined ? empty : toStats(question, accumulator);
      return [{ start, end, stats }];
    });
  const found = groups.list();
  if (fill !== 'NONE') {
    const points = found.length * bounds.length - bucketsOf(found);
    count({ cells: Math.max(0, points) * Math.max(1, measures.length) });
  }
  if (kept === null)
    return [{ dimensions: {}, other: false, points: toPoints(found[0] ?? { values: [], buckets: [] }) }];
  const rank = new Map(kept.map((values, position) => [JSON.stringify(values), position]));
  const rankOf = ({ values }: GroupTotals): number => rank.get(JSON.stringify(values)) ?? kept.length;
  const microseconds = bounds.length * microsecondsOf(measures);
  const series: Series[] = [];
  for (const group of found.sort((one, other) => rankOf(one) - rankOf(other))) {
    await pass(microseconds);
    const dimensions = toDimensions(spec.dimensions, group.values);
    series.push({ dimensions, other: group.values === null, points: toPoints(group) });
  }
  return series;
}

/** The number of buckets with events. They were already counted when they were found. */
const bucketsOf = (groups: readonly GroupTotals[]): number =>
  // Array.prototype.reduce leaves out the holes of a sparse list.
  groups.reduce((sum, { buckets }) => buckets.reduce((own) => own + 1, sum), 0);

/** The bins of a question about one measure with edges: each bucket of time is a point. */
export function toDistribution(
  { measures: [measure] }: Question,
  { groups }: Aggregation,
  bounds: ShownPoints['bounds'],
): Distribution {
  const { column, edges } = defined(measure);
  const buckets = toBuckets(column, edges ?? []);
  const [all] = groups.list();
  const points = bounds.map(({ start, end }, index) => {
    const { count = 0, bins } = all?.buckets[index]?.measures[0] ?? {};
    const [underflow = 0, ...rest] = bins ?? [];
    const counts = buckets.map((_, bucket) => rest[bucket] ?? 0);
    return { start, end, count, underflow, overflow: rest[buckets.length] ?? 0, counts };
  });
  return { buckets, points };
}

/** Estimated time to compute the statistics of one bucket. */
function microsecondsOf(measures: readonly ResolvedMeasure[]): number {
  return measures.reduce((total, { quantiles }) => total + 1 + quantiles.length, 1);
}

/** The windows and their source; the time before the first complete window is `missing`. */
export function answerWindows<Value>(
  question: Question & { readonly frame: WindowFrame },
  found: ReadWindows<Value>,
  { dimensions, step, asked }: WindowOptions & { readonly asked: Interval },
): Answer<SlidingWindows<Value>> {
  const { ends } = question.frame;
  const groups = found.groups.map(({ values, windows }) => ({
    dimensions: toDimensions(dimensions, values),
    values: windows,
  }));
  const { value, source } = answer(question, found, { ends, groups, others: found.others });
  const begin = (ends[0] ?? asked.to) - step;
  const missing = begin > asked.from ? [{ from: asked.from, to: begin }] : [];
  return { value, source: { ...source, missing } };
}

export function toDimensions(
  names: readonly string[],
  values: readonly ColumnValue[] | null,
): DimensionValues {
  return Object.fromEntries(names.map((name, index) => [name, values?.[index] ?? null]));
}
