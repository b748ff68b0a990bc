import { ROLLUP_WIDTH_MS, type RollupGrain, type RollupSet } from '../core/dataset/rollup-set.ts';
import { InvalidArgument } from '../core/errors.ts';
import { filterFields } from '../core/filter.ts';
import type { Interval } from '../core/time/range.ts';
import {
  type AvailableFrom,
  type Cover,
  coverBuckets,
  SEGMENT_SOURCES,
  type Segment,
  spanOf,
} from './cover.ts';
import { asAsked, type Cut, type Fit, fitBoundaries, type MovedBoundary } from './fit.ts';
import type { QuerySpec } from './spec.ts';

/**
 * Which rows and cells answer a question. The segments partition the time between the first and the
 * last cut.
 */
export interface Plan {
  /** `MIXED`: cells, and raw rows for the stretches that no cell covers exactly. */
  readonly kind: 'ROLLUP' | 'RAW' | 'MIXED';
  /** The set whose cells are read; null if none are. */
  readonly set: RollupSet | null;
  /** Coarsest source first. */
  readonly segments: readonly Segment[];
  /** Where the buckets begin and end: the boundaries of the question, unless data has expired. */
  readonly cuts: readonly Cut[];
  /** The part at the beginning of the range whose data has expired; null if there is none. */
  readonly missing: Interval | null;
  readonly moved: readonly MovedBoundary[];
  /** The reason, in words for users. */
  readonly reason: string;
}

export interface PlanOptions {
  /**
   * The instants from which rows, and the cells of a set, are complete; called with null for rows
   * alone. Default: everything is complete.
   */
  readonly availableFrom?: SetAvailability;
  /** `RAW`: never read cells; for comparisons. Default: ANY. */
  readonly sources?: 'ANY' | 'RAW';
}

export type SetAvailability = (set: RollupSet | null) => AvailableFrom;

export const ALL_AVAILABLE: AvailableFrom = {
  MINUTE: Number.NEGATIVE_INFINITY,
  HOUR: Number.NEGATIVE_INFINITY,
  DAY: Number.NEGATIVE_INFINITY,
  RAW: Number.NEGATIVE_INFINITY,
};

/** An assumption of the planner and of prices: the distinct values of a dimension. */
export const VALUES_PER_DIMENSION = 4;
/**
 * An assumption of the planner, used only to compare sets with each other. Reading a cell costs
 * about as much as reading a row.
 */
const ROWS_PER_SECOND = 10;

interface Candidate {
  /** Null: rows alone. */
  readonly set: RollupSet | null;
  readonly fit: Fit;
  readonly cover: Cover;
  readonly cost: number;
}

/**
 * Decides what answers a question. A rollup set can answer if it has every dimension that the
 * filter and the grouping use, and a histogram of every measure whose quantiles are wanted. Each
 * such set would cover the buckets exactly, by its coarsest cells that fit, and by rows for the
 * rest. The set with the least estimated cost (cells and rows to read) is taken; of equals, the
 * first declared. Rows alone answer if no set can, or if no whole cell fits into the buckets (a
 * range shorter than a minute).
 *
 * If data has expired, `fitBoundaries` fits the question to what is kept, separately for each set.
 * The planner takes the set that keeps most of the range, then the one that moves the boundaries
 * least, then the cheapest. A question with an `exact` range is never fitted.
 *
 * @throws InvalidArgument if a part of an `exact` range needs cells or rows that have expired; the
 *   message names the finest grain that is still kept.
 */
export function plan(spec: QuerySpec, options: PlanOptions = {}): Plan {
  const availableFrom = options.availableFrom ?? (() => ALL_AVAILABLE);
  const raw = { spec, availableFrom, candidates: [] };
  if (options.sources === 'RAW') return planRaw({ ...raw, reason: 'raw rows were asked for' });
  const quantiles = measuresWithoutHistogram(spec);
  if (quantiles.length > 0) {
    return planRaw({ ...raw, reason: `the rollups keep no histogram of ${quantiles.join(', ')}` });
  }
  const sets = answeringSets(spec);
  if (sets.length === 0) return planRaw({ ...raw, reason: missingSet(spec, touchedFields(spec)) });
  const candidates = sets.map((set) => candidateOf(spec, set, availableFrom));
  const [best] = candidates.filter(({ cover }) => cover.expired === null).sort(compare);
  if (best === undefined || !readsCells(best.cover))
    return planRaw({ ...raw, candidates, reason: 'no whole rollup cell fits into the buckets' });
  return planCells(best);
}

/**
 * Prefers the candidate that keeps more of the range, then the one that moves the boundaries less,
 * then cells over rows, then the cheaper one.
 */
function compare(one: Candidate, other: Candidate): number {
  return (
    missingOf(one) - missingOf(other) ||
    one.fit.shift - other.fit.shift ||
    Number(readsCells(other.cover)) - Number(readsCells(one.cover)) ||
    one.cost - other.cost
  );
}

const missingOf = ({ fit: { missing } }: Candidate): number => (missing ? missing.to - missing.from : 0);

/**
 * The sets that can answer: they have the dimensions that the filter and the grouping use, and the
 * histograms.
 */
export function answeringSets(spec: Omit<QuerySpec, 'boundaries'>): readonly RollupSet[] {
  if (measuresWithoutHistogram(spec).length > 0) return [];
  const fields = touchedFields(spec);
  return spec.dataset.rollups.filter((set) => fields.every((field) => set.dimensions.includes(field)));
}

/** Every field that the question uses, except time. */
function touchedFields(spec: Pick<QuerySpec, 'filter' | 'dimensions'>): string[] {
  const filtered = spec.filter === null ? [] : filterFields(spec.filter);
  return [...new Set([...filtered, ...spec.dimensions])];
}

function measuresWithoutHistogram(spec: Pick<QuerySpec, 'dataset' | 'measures'>): string[] {
  const kept = new Set(spec.dataset.histogramMeasures.map((column) => column.name));
  return spec.measures
    .filter(({ measure, quantiles }) => quantiles.length > 0 && !kept.has(measure))
    .map(({ measure }) => measure);
}

function missingSet(spec: QuerySpec, fields: readonly string[]): string {
  const kept = new Set(spec.dataset.rollups.flatMap((set) => set.dimensions));
  const unknown = fields.filter((field) => !kept.has(field));
  if (unknown.length > 0) return `no rollup keeps ${unknown.join(', ')}`;
  return `no rollup keeps ${fields.join(', ')} together`;
}

function candidateOf(spec: QuerySpec, set: RollupSet | null, availableFrom: SetAvailability): Candidate {
  const [grains, available] = [set?.grains ?? [], availableFrom(set)];
  const fit = spec.range.exact ? asAsked(spec.boundaries) : fitBoundaries(spec.boundaries, grains, available);
  const cover = coverBuckets(
    fit.cuts.map(({ instant }) => instant),
    grains,
    available,
  );
  const cellsPerBucket = VALUES_PER_DIMENSION ** (set?.dimensions.length ?? 0);
  const cost = cover.segments.reduce((total, segment) => {
    if (segment.source === 'RAW') return total + (spanOf(segment) / 1000) * ROWS_PER_SECOND;
    return total + (spanOf(segment) / ROLLUP_WIDTH_MS[segment.source]) * cellsPerBucket;
  }, 0);
  return { set, fit, cover, cost };
}

const readsCells = (cover: Cover): boolean => cover.segments.some(({ source }) => source !== 'RAW');

function planCells(candidate: Candidate): Plan {
  const { set, cover } = candidate;
  const grains = cover.segments.flatMap(({ source }) => (source === 'RAW' ? [] : [source]));
  const raw = cover.segments.find(({ source }) => source === 'RAW');
  const by = set === null || set.dimensions.length === 0 ? 'all rows' : set.dimensions.join(', ');
  const cells = `${enumerate(grains)} cells of ${by}`;
  const reason =
    raw === undefined ? cells : `${cells}, and raw rows for ${describeSpan(spanOf(raw))} that no cell covers`;
  return toPlan(candidate, raw === undefined ? 'ROLLUP' : 'MIXED', reason);
}

/** A question that rows alone must answer. */
interface RawQuestion {
  readonly spec: QuerySpec;
  readonly availableFrom: SetAvailability;
  /** The sets that could answer, if not for the buckets or for expired data. */
  readonly candidates: readonly Candidate[];
  /** Why no cells are read, in words for users. */
  readonly reason: string;
}

/** @throws InvalidArgument if some of the rows have expired. */
function planRaw(question: RawQuestion): Plan {
  const candidate = candidateOf(question.spec, null, question.availableFrom);
  const { expired } = candidate.cover;
  if (expired !== null) throw expiredError(expired.from, question);
  return toPlan(candidate, 'RAW', `raw rows: ${question.reason}`);
}

function toPlan({ set, fit, cover }: Candidate, kind: Plan['kind'], reason: string): Plan {
  const { cuts, missing, since, moved } = fit;
  const changes = [
    ...(missing === null ? [] : [`no data kept from before ${toIso(since)} can answer this`]),
    ...(moved.length === 0 ? [] : ['boundaries were moved to the edges of the finest cells that are kept']),
  ];
  const { segments } = cover;
  return { kind, set, segments, cuts, missing, moved, reason: [reason, ...changes].join('; ') };
}

/**
 * Names the finest grain that is still kept where the rows have expired, among the sets that could
 * answer at all.
 */
function expiredError(
  instant: number,
  { spec, candidates, availableFrom, reason }: RawQuestion,
): InvalidArgument {
  const finest = SEGMENT_SOURCES.findLast(
    (source): source is RollupGrain =>
      source !== 'RAW' &&
      candidates.some(({ set }) => set?.grains.includes(source) && availableFrom(set)[source] <= instant),
  );
  const since = toIso(availableFrom(null).RAW);
  if (finest === undefined) {
    return new InvalidArgument(
      `Rows before ${since} have expired, and no rollup can answer this question there ` +
        `(${reason}). Start the range at ${since} or later.`,
      'range',
    );
  }
  // A caller who asks for the last n days does not choose where the range begins.
  const width = ROLLUP_WIDTH_MS[finest];
  const example =
    instant === spec.boundaries[0]
      ? `, for example from ${toIso(Math.ceil(instant / width) * width)} on`
      : '';
  return new InvalidArgument(
    `Rows before ${since} have expired; ${finest} is the finest grain available there. Start ` +
      `and end the range and its buckets at a full UTC ${finest.toLowerCase()}${example}.`,
    'range',
  );
}

const toIso = (instant: number): string => new Date(instant).toISOString();

/** `DAY, HOUR and MINUTE`. */
const enumerate = (words: readonly string[]): string => words.join(', ').replace(/, (?=[^,]*$)/, ' and ');

function describeSpan(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 120_000) return `${round(milliseconds / 1000)} s`;
  if (milliseconds < 7_200_000) return `${round(milliseconds / 60_000)} min`;
  return `${round(milliseconds / 3_600_000)} h`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
