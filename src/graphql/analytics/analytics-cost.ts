import type { Caller } from '../../access/caller.ts';
import { visibleRows } from '../../access/visible-rows.ts';
import { MAX_GROUPS } from '../../analytics/create-analytics.ts';
import type { DistributionOptions } from '../../analytics/distribution-spec.ts';
import {
  type EstimatedQuestion,
  estimateBuckets,
  estimateSeries,
  estimateTotals,
} from '../../analytics/estimate.ts';
import { measuresForOrder } from '../../analytics/group-order.ts';
import { isRanked } from '../../analytics/select-series.ts';
import type { GroupOrder, SeriesOptions, WantedMeasure, WindowOptions } from '../../analytics/spec.ts';
import { MAX_WINDOW_GROUPS, MAX_WINDOWS } from '../../analytics/window-frame.ts';
import { both } from '../../core/build-filter.ts';
import { checkBetween } from '../../core/check-between.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Filter } from '../../core/filter.ts';
import type { AskedRange } from '../../core/time/range.ts';
import { costs, costsFirst, type FieldCost } from '../limits/field-cost.ts';
import { type FieldInfo, selectionOf } from '../selection.ts';
import type { Analysis } from './analysis.ts';
import { type ArchiveArgument, archiveOf } from './archive-argument.ts';
import { readTimeRange } from './time-range.ts';

/** A question about groups: how many are shown, and in which order. */
interface GroupedQuestion extends EstimatedQuestion {
  readonly groups: number;
  /** Default: most events first. */
  readonly orderBy?: GroupOrder;
}

/** A question about a series per group. */
export interface SeriesQuestion extends GroupedQuestion, Pick<SeriesOptions, 'grain' | 'timeZone'> {}

/** The cost of statistics per group: what is read, and a value per measure and group. */
export function costOfGroups(question: GroupedQuestion): number {
  return estimateTotals(ordered(question)) + question.groups * valuesOf(question.measures);
}

/** Adds the measure that the order of the question needs. */
function ordered({ orderBy, ...question }: GroupedQuestion): EstimatedQuestion {
  if (orderBy === undefined) return question;
  return { ...question, measures: measuresForOrder(question.dataset, question.measures, orderBy) };
}

/**
 * The cost of series: what is read (also to rank the groups), and a value per measure, point and
 * group.
 */
export function costOfSeries(question: SeriesQuestion): number {
  const { read, points } = estimateSeries(question, question);
  const ranking = isRanked(question) ? estimateTotals(ordered({ ...question, measures: [] })) : 0;
  return ranking + read + points * question.groups * valuesOf(question.measures);
}

/**
 * The cost of a measure's values in buckets: the rows, the read that finds missing bounds, and a
 * count per point and bucket.
 */
export function costOfDistribution(
  scope: Omit<EstimatedQuestion, 'dimensions' | 'measures'>,
  { measure, buckets, scale, from, to, time }: DistributionOptions,
): number {
  const whole = { ...scope, dimensions: [] };
  const sorted = { ...whole, measures: [{ measure, quantiles: [], edges: [] }] };
  const extremes = { ...whole, measures: [{ measure, quantiles: [] }] };
  const bounds = from !== null && to !== null ? 0 : estimateTotals(extremes);
  // With LOG, the server may have to search the rows for the smallest value above 0.
  const positive = scale === 'LOG' && from === null ? estimateTotals(sorted) : 0;
  const { read, points } =
    time === null ? { read: estimateTotals(sorted), points: 1 } : estimateSeries(sorted, time);
  return bounds + positive + read + points * buckets;
}

/** A window adds what entered it and subtracts what left it: cheaper than showing a point. */
const WINDOWS_PER_ROW = 4;

/**
 * The cost of sliding windows, one per step: the rows or cells of the range and of the window
 * before it, and a measurement per window and group.
 */
export function costOfWindows(
  { range: { from, to }, ...question }: EstimatedQuestion,
  { width, step }: Pick<WindowOptions, 'width' | 'step'>,
): number {
  const read = estimateBuckets({ ...question, range: { from: from - width, to } }, step);
  const windows = Math.min((to - from) / step, MAX_WINDOWS);
  const groups = question.dimensions.length === 0 ? 1 : MAX_WINDOW_GROUPS;
  return read + Math.ceil((windows * groups) / WINDOWS_PER_ROW);
}

/** A list of groups. The field around it pays for their statistics. */
export const costsGroups = (defaultFirst: number) => costsFirst(defaultFirst, MAX_GROUPS);

/**
 * A measure with quantiles counts twice: its histogram stays in memory until all cells are added to
 * it.
 */
const valuesOf = (measures: readonly WantedMeasure[]): number =>
  Math.max(
    1,
    measures.reduce((total, { quantiles }) => total + (quantiles.length > 0 ? 2 : 1), 0),
  );

/** The fields of analytics that answer a question. */
const ANSWERS = ['totals', 'groups', 'users', 'series', 'distinct', 'histogram', 'heatmap'];

/**
 * The cost of the analytics of one scope. Selected fields declare their own costs. If the only
 * selected fields say where answers come from, the server counts all events for them.
 */
export function costOfAnalysis(analysis: Analysis, info: FieldInfo): FieldCost {
  const selected = selectionOf(info);
  const answers = ANSWERS.some((field) => selected.has(field));
  const counts = !answers && ['source', 'range', 'commits'].some((field) => selected.has(field));
  const count = { ...analysis.scope, dimensions: [], measures: [] };
  return { rows: counts ? estimateTotals(count) : 0, value: analysis };
}

/** The analyses that the resolver of a field makes, regardless of the selection below it. */
interface Analysed {
  readonly datasets: readonly Dataset[];
  readonly dimensions?: readonly string[];
  /** The number of measures that are computed. Default: 1. */
  readonly measures?: number;
  /** The number of groups, unless the argument `first` gives it. Default: 1. */
  readonly groups?: number;
  /** The grain of a series, unless the argument `grain` gives it. */
  readonly grain?: SeriesOptions['grain'];
  /** Which rows are analysed. Default: all. */
  readonly filter?: Filter | null;
  /** Who asks. Default: a caller that sees all rows. */
  readonly caller?: Pick<Caller, 'rows'>;
}

/** The arguments of such a field that affect its cost. */
interface AnalysedArguments extends ArchiveArgument {
  readonly first?: number | null;
  readonly grain?: SeriesOptions['grain'] | null;
  readonly timeZone?: string | null;
}

/**
 * Declares the cost of a field with the argument `range` whose resolver analyses the range. Fields
 * below it read nothing more.
 */
export const costsAnalyses = (analysed: Analysed) =>
  costs(({ args, now, caller }) => ({
    rows: costOfAnalyses({ ...analysed, caller }, args, readTimeRange(args.range, now)),
    whole: true,
  }));

/** The cost of the analyses of a range. */
export function costOfAnalyses(
  { datasets, dimensions = [], measures = 1, groups = 1, grain, filter = null, caller = {} }: Analysed,
  args: AnalysedArguments,
  range: AskedRange,
): number {
  const shown = checkBetween(args.first ?? groups, MAX_GROUPS, 'first') * measures;
  const asked = grain && { grain: args.grain ?? grain, timeZone: args.timeZone ?? 'UTC' };
  return datasets.reduce((cost, dataset) => {
    const visible = both(visibleRows(caller, dataset), filter);
    const question = {
      dataset,
      range,
      dimensions,
      filter: visible,
      measures: [],
      ...archiveOf(args.archive),
    };
    if (asked === undefined) return cost + estimateTotals(question) + shown;
    const { read, points } = estimateSeries(question, asked);
    return cost + read + points * shown;
  }, 0);
}
