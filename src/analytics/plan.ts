import { isAttribute } from '../core/dataset/attribute.ts';
import type { RollupSet } from '../core/dataset/rollup-set.ts';
import { filterFields } from '../core/filter.ts';
import type { Interval } from '../core/time/range.ts';
import {
  type AvailableFrom,
  type Cover,
  coverBuckets,
  isOfCells,
  type KeptSource,
  type Segment,
  spanOf,
} from './cover.ts';
import { expiredRows, type RowsNeeded } from './expired-rows.ts';
import { asAsked, type Cut, type Fit, fitBoundaries, type MovedBoundary } from './fit.ts';
import { costOfCells, costOfRows, type RowsSource } from './plan-cost.ts';
import { changesOf, describeSpan, enumerate } from './plan-words.ts';
import type { QuerySpec, WantedMeasure } from './spec.ts';

/**
 * The rows and cells that answer a question. The segments partition the time between the first and
 * the last cut.
 */
export interface Plan {
  /**
   * `COLUMNS`: rows, from their columnar copy. `ARCHIVE`: expired rows. `MIXED`: cells, and rows
   * for the stretches that no cell covers exactly; or rows of several origins.
   */
  readonly kind: 'ROLLUP' | 'RAW' | 'COLUMNS' | 'ARCHIVE' | 'MIXED';
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
  /** `RAW` and `COLUMNS`: read nothing else; for comparisons. Default: ANY. */
  readonly sources?: AllowedSources;
  /** Default: there is no columnar copy. */
  readonly columns?: ColumnsState;
}

export type AllowedSources = 'ANY' | 'RAW' | 'COLUMNS';

/**
 * Whether the columnar copy can answer; if it cannot, the reason in words for users. Null: there is
 * no copy.
 */
export type ColumnsState = 'READY' | { readonly why: string } | null;

export type SetAvailability = (set: RollupSet | null) => AvailableFrom;

export const ALL_AVAILABLE: AvailableFrom = {
  MINUTE: Number.NEGATIVE_INFINITY,
  HOUR: Number.NEGATIVE_INFINITY,
  DAY: Number.NEGATIVE_INFINITY,
  RAW: Number.NEGATIVE_INFINITY,
};

interface Candidate {
  /** Null: rows alone. */
  readonly set: RollupSet | null;
  readonly fit: Fit;
  readonly cover: Cover;
  /** Where rows are read from, for the stretches that no cell covers. */
  readonly rows: RowsSource;
  readonly cost: number;
}

/**
 * Decides what answers a question. A rollup set can answer if it has every dimension that the
 * filter and the grouping use, and a histogram of every measure whose quantiles are wanted. No set
 * can count distinct values or sort values into bins. Each eligible set would cover the buckets
 * exactly: its coarsest fitting cells cover most, and rows cover the rest. Rows come from their
 * columnar copy if that is ready and cheaper. The set with the lowest estimated cost wins; among
 * equals, the first declared. If the columns are ready, rows alone answer when they cost less than
 * any set. Otherwise rows alone answer if no set can, or if no whole cell fits into the buckets (a
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
  const { availableFrom = () => ALL_AVAILABLE, sources = 'ANY' } = options;
  const columns = sources === 'RAW' ? null : (options.columns ?? null);
  const exact = spec.range.exact ? asAsked(spec.boundaries) : null;
  const candidateOf = (set: RollupSet | null) =>
    toCandidate(spec, set, { availableFrom, sources, columns, exact });
  const byRows = (reason: string, sets: readonly RollupSet[] = []) =>
    planRows(candidateOf(null), { spec, availableFrom, sets, reason }, columns);
  if (sources === 'RAW') return byRows('raw rows were requested');
  if (sources === 'COLUMNS') return byRows('columns were requested');
  const uncounted = whatCellsLack(spec);
  if (uncounted !== null) return byRows(uncounted);
  const sets = answeringSets(spec);
  if (sets.length === 0) return byRows(missingSet(spec, touchedFields(spec)));
  const candidates = [...sets, ...(columns === 'READY' ? [null] : [])]
    .map(candidateOf)
    .filter(({ cover }) => cover.expired === null);
  const [best] = candidates.sort(columns === 'READY' ? compareCosts : compareCells);
  if (best !== undefined && best.set !== null && readsCells(best)) return planCells(best, best.set, columns);
  const wouldRead = columns === 'READY' && candidates.some(readsCells);
  return byRows(wouldRead ? 'cells would take longer' : 'no whole rollup cell fits into the buckets', sets);
}

/**
 * Prefers the candidate that keeps more of the range, then the one that moves the boundaries less,
 * then the cheaper one.
 */
function compareCosts(one: Candidate, other: Candidate): number {
  return compareKept(one, other) || one.cost - other.cost;
}

/** As `compareCosts`, but cells before rows. */
function compareCells(one: Candidate, other: Candidate): number {
  return (
    compareKept(one, other) || Number(readsCells(other)) - Number(readsCells(one)) || one.cost - other.cost
  );
}

const compareKept = (one: Candidate, other: Candidate): number =>
  missingOf(one) - missingOf(other) || one.fit.shift - other.fit.shift;

const missingOf = ({ fit: { missing } }: Candidate): number => (missing ? missing.to - missing.from : 0);

/**
 * The sets that can answer: they have the dimensions that the filter and the grouping use, and the
 * histograms.
 */
export function answeringSets(spec: Omit<QuerySpec, 'boundaries'>): readonly RollupSet[] {
  if (whatCellsLack(spec) !== null) return [];
  const fields = touchedFields(spec);
  return spec.dataset.rollups.filter((set) => fields.every((field) => set.dimensions.includes(field)));
}

/** Every field that the question uses, except time. */
function touchedFields(spec: Pick<QuerySpec, 'filter' | 'dimensions'>): string[] {
  const filtered = spec.filter === null ? [] : filterFields(spec.filter);
  return [...new Set([...filtered, ...spec.dimensions])];
}

/** What cells of the dataset cannot tell, in words; null if they can tell everything. */
function whatCellsLack({ dataset, measures }: Pick<QuerySpec, 'dataset' | 'measures'>): string | null {
  const kept = new Set(dataset.histogramMeasures.map((column) => column.name));
  const quantiles = measures.filter((wanted) => wanted.quantiles.length > 0 && !kept.has(wanted.measure));
  if (quantiles.length > 0) return `the rollups keep no histogram of ${namesOf(quantiles)}`;
  const distinct = measures.filter(({ totals }) => totals?.includes('distinct'));
  if (distinct.length > 0) return `the rollups do not count distinct values of ${namesOf(distinct)}`;
  const binned = measures.filter(({ edges }) => edges !== undefined);
  if (binned.length > 0) return `the rollups keep no values of ${namesOf(binned)} to sort into buckets`;
  const attributes = measures.filter(({ measure }) => isAttribute(measure));
  return attributes.length > 0 ? `no rollup keeps ${namesOf(attributes)}` : null;
}

const namesOf = (measures: readonly WantedMeasure[]): string =>
  measures.map(({ measure }) => measure).join(', ');

function missingSet(spec: QuerySpec, fields: readonly string[]): string {
  const kept = new Set(spec.dataset.rollups.flatMap((set) => set.dimensions));
  const unknown = fields.filter((field) => !kept.has(field));
  if (unknown.length > 0) return `no rollup keeps ${unknown.join(', ')}`;
  return `no rollup keeps ${fields.join(', ')} together`;
}

function toCandidate(
  spec: QuerySpec,
  set: RollupSet | null,
  { availableFrom, sources, columns, exact }: Required<PlanOptions> & { readonly exact: Fit | null },
): Candidate {
  const [grains, available] = [set?.grains ?? [], availableFrom(set)];
  const fit = exact ?? fitBoundaries(spec.boundaries, grains, available);
  const cover = coverBuckets(
    fit.cuts.map(({ instant }) => instant),
    grains,
    available,
  );
  const span = spanOf(cover.segments.find(({ source }) => source === 'RAW'));
  const isCheaper = sources === 'COLUMNS' || costOfRows(span, 'COLUMNS') < costOfRows(span, 'RAW');
  const rows = columns === 'READY' && isCheaper ? 'COLUMNS' : 'RAW';
  const cells = cover.segments.filter(isOfCells).reduce((total, segment) => {
    const stretch = { grain: segment.source, span: spanOf(segment) };
    return set === null ? total : total + costOfCells(spec.dataset, set, stretch);
  }, 0);
  return { set, fit, cover, rows, cost: cells + costOfRows(span, rows) };
}

const readsCells = ({ cover }: Candidate): boolean => cover.segments.some(isOfCells);

const NAMES: Readonly<Record<RowsSource, string>> = { RAW: 'raw rows', COLUMNS: 'columns' };

function planCells(candidate: Candidate, { dimensions }: RollupSet, columns: ColumnsState): Plan {
  const { cover, rows } = candidate;
  const grains = cover.segments.filter(isOfCells).map(({ source }) => source);
  const raw = cover.segments.find(({ source }) => source === 'RAW');
  const by = dimensions.length === 0 ? 'all rows' : dimensions.join(', ');
  const cells = `${enumerate(grains)} cells of ${by}`;
  if (raw === undefined) return toPlan(candidate, 'ROLLUP', [cells]);
  const rest = `${NAMES[rows]} for ${describeSpan(spanOf(raw))} that no cell covers`;
  return toPlan(candidate, 'MIXED', [`${cells}, and ${rest}`, ...whyNot(candidate, columns)]);
}

/** @throws InvalidArgument if some of the rows have expired. */
function planRows(candidate: Candidate, needed: RowsNeeded, columns: ColumnsState): Plan {
  const { expired } = candidate.cover;
  if (expired !== null) throw expiredRows(expired.from, needed);
  const reason = `${NAMES[candidate.rows]}: ${needed.reason}`;
  return toPlan(candidate, candidate.rows, [reason, ...whyNot(candidate, columns)]);
}

/** Why the columns do not answer although rows are read. */
function whyNot({ rows }: Candidate, columns: ColumnsState): string[] {
  return rows === 'COLUMNS' || columns === null || columns === 'READY' ? [] : [columns.why];
}

function toPlan({ set, fit, cover, rows }: Candidate, kind: Plan['kind'], reasons: readonly string[]): Plan {
  const { cuts, missing, moved } = fit;
  const segments = cover.segments.map((segment) => ({ ...segment, source: readFrom(segment.source, rows) }));
  return { kind, set, segments, cuts, missing, moved, reason: [...reasons, ...changesOf(fit)].join('; ') };
}

const readFrom = (kept: KeptSource, rows: RowsSource) => (kept === 'RAW' ? rows : kept);
