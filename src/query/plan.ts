import { ROLLUP_WIDTH_MS, type RollupGrain, type RollupSet } from '../core/dataset/dataset.ts';
import { InvalidArgument } from '../core/errors.ts';
import { filterFields } from '../core/filter.ts';
import {
  type AvailableFrom,
  type Cover,
  coverBuckets,
  SEGMENT_SOURCES,
  type Segment,
  spanOf,
} from './cover.ts';
import type { QuerySpec } from './spec.ts';

/** Which rows and cells answer a question. The segments partition its range. */
export interface Plan {
  /** `MIXED`: cells, and raw rows for the stretches that no cell covers exactly. */
  readonly kind: 'ROLLUP' | 'RAW' | 'MIXED';
  /** The set whose cells are read; null when none are. */
  readonly set: RollupSet | null;
  /** Coarsest source first. */
  readonly segments: readonly Segment[];
  /** Why, in words for users. */
  readonly reason: string;
}

export interface PlanOptions {
  /** From when rows, and the cells of a set, are whole; asked with null for rows alone. Default: everything is. */
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

/**
 * What the planner assumes where it cannot know, only to compare sets with each other: distinct values of a dimension, and rows
 * that arrive in a second. Reading a cell and reading a row cost about the same.
 */
const VALUES_PER_DIMENSION = 4;
const ROWS_PER_SECOND = 10;

interface Candidate {
  readonly set: RollupSet;
  readonly cover: Cover;
  readonly cost: number;
}

/**
 * Decides what answers a question. The rule: a rollup set answers when it has every dimension that the filter and the grouping
 * touch, and a histogram of every measure whose quantiles are wanted. Each such set would cover the buckets exactly, by its
 * coarsest cells that fit, and rows for the rest; the one with the least estimated cost (cells and rows to read) is taken, of equals
 * the first declared. Rows alone answer when no set can, or when not one whole cell fits into the buckets (a range
 * shorter than a minute).
 *
 * @throws InvalidArgument when a part of the range needs cells or rows that have expired; names the finest grain that is still there.
 */
export function plan(spec: QuerySpec, options: PlanOptions = {}): Plan {
  const availableFrom = options.availableFrom ?? (() => ALL_AVAILABLE);
  if (options.sources === 'RAW') return planRaw(spec, availableFrom, [], 'raw rows were asked for');
  const quantiles = measuresWithoutHistogram(spec);
  if (quantiles.length > 0) {
    return planRaw(spec, availableFrom, [], `the rollups keep no histogram of ${quantiles.join(', ')}`);
  }
  const sets = answeringSets(spec);
  if (sets.length === 0) return planRaw(spec, availableFrom, [], missingSet(spec, touchedFields(spec)));
  const candidates = sets.map((set) => candidateOf(spec, set, availableFrom));
  const [best] = candidates
    .filter(({ cover }) => cover.expired === null && readsCells(cover))
    .sort((one, other) => one.cost - other.cost);
  if (best === undefined)
    return planRaw(spec, availableFrom, candidates, 'no whole rollup cell fits into the buckets');
  return planCells(best);
}

/** The sets that can answer: they have what the filter and the grouping touch, and the histograms. */
export function answeringSets(spec: Omit<QuerySpec, 'boundaries'>): readonly RollupSet[] {
  if (measuresWithoutHistogram(spec).length > 0) return [];
  const fields = touchedFields(spec);
  return spec.dataset.rollups.filter((set) => fields.every((field) => set.dimensions.includes(field)));
}

/** Every field that the question looks at, besides time. */
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

function candidateOf(spec: QuerySpec, set: RollupSet, availableFrom: SetAvailability): Candidate {
  const cover = coverBuckets(spec.boundaries, set.grains, availableFrom(set));
  const cellsPerBucket = VALUES_PER_DIMENSION ** set.dimensions.length;
  const cost = cover.segments.reduce((total, segment) => {
    if (segment.source === 'RAW') return total + (spanOf(segment) / 1000) * ROWS_PER_SECOND;
    return total + (spanOf(segment) / ROLLUP_WIDTH_MS[segment.source]) * cellsPerBucket;
  }, 0);
  return { set, cover, cost };
}

const readsCells = (cover: Cover): boolean => cover.segments.some(({ source }) => source !== 'RAW');

function planCells({ set, cover }: Candidate): Plan {
  const grains = cover.segments.flatMap(({ source }) => (source === 'RAW' ? [] : [source]));
  const raw = cover.segments.find(({ source }) => source === 'RAW');
  const by = set.dimensions.length === 0 ? 'all rows' : set.dimensions.join(', ');
  const cells = `${enumerate(grains)} cells of ${by}`;
  return {
    kind: raw === undefined ? 'ROLLUP' : 'MIXED',
    set,
    segments: cover.segments,
    reason:
      raw === undefined
        ? cells
        : `${cells}, and raw rows for ${describeSpan(spanOf(raw))} that no cell covers`,
  };
}

function planRaw(
  spec: QuerySpec,
  availableFrom: SetAvailability,
  candidates: readonly Candidate[],
  reason: string,
): Plan {
  const cover = coverBuckets(spec.boundaries, [], availableFrom(null));
  if (cover.expired !== null) throw expiredError(cover.expired.from, spec, candidates, availableFrom, reason);
  return { kind: 'RAW', set: null, segments: cover.segments, reason: `raw rows: ${reason}` };
}

/** Names the finest grain that still answers where the rows have expired, of the sets that could answer at all. */
function expiredError(
  instant: number,
  spec: QuerySpec,
  candidates: readonly Candidate[],
  availableFrom: SetAvailability,
  reason: string,
): InvalidArgument {
  const finest = SEGMENT_SOURCES.findLast(
    (source): source is RollupGrain =>
      source !== 'RAW' &&
      candidates.some(({ set }) => set.grains.includes(source) && availableFrom(set)[source] <= instant),
  );
  const since = toIso(availableFrom(null).RAW);
  if (finest === undefined) {
    return new InvalidArgument(
      `Rows before ${since} have expired, and no rollup answers this question there (${reason}). Ask from ${since} on.`,
      'range',
    );
  }
  // Whoever asks for the last so many days does not choose where the range begins.
  const width = ROLLUP_WIDTH_MS[finest];
  const example =
    instant === spec.boundaries[0]
      ? `, from ${toIso(Math.ceil(instant / width) * width)} on for example`
      : '';
  return new InvalidArgument(
    `Rows before ${since} have expired; ${finest} is the finest grain that can be answered there. ` +
      `Let the range and its buckets begin and end at a full UTC ${finest.toLowerCase()}${example}.`,
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
