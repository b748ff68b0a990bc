import type { Dataset } from '../core/dataset/dataset.ts';
import {
  ROLLUP_GRAINS,
  ROLLUP_WIDTH_MS,
  type RollupGrain,
  type RollupSet,
} from '../core/dataset/rollup-set.ts';
import { chooseGrain, MIN_WIDTH_MS } from '../core/time/grain.ts';
import type { Interval } from '../core/time/range.ts';
import { HOUR_MS } from '../core/time/units.ts';
import { answeringSets } from './plan.ts';
import { hasManyValues } from './plan-cost.ts';
import type { QuerySpec, SeriesOptions } from './spec.ts';

/**
 * How much an answer reads and holds, estimated from the question alone. What is stored does not
 * matter, so the same question always costs the same. The planner, in contrast, decides by what is
 * kept.
 */
export type EstimatedQuestion = Omit<QuerySpec, 'boundaries' | 'projectId'>;

/** Assumed traffic of a dataset: one row a minute. */
const ROWS_PER_HOUR = 60;
/** Assumed distinct values of a dimension. */
const VALUES_PER_DIMENSION = 4;
/**
 * The number of combinations of values that are assumed to occur in one bucket, for dimensions with
 * few values.
 */
const MAX_CELLS_PER_BUCKET = 100;
/**
 * The number of groups that are held in memory while the groups of a dimension with many values are
 * computed.
 */
const MANY_GROUPS = 10_000;
/**
 * No estimate exceeds this: tables are finite, and the deadline and the row limits bound the rest.
 */
export const MAX_ESTIMATED_READ = 50_000;

/** The rows or cells that totals or groups of the whole range read. */
export function estimateTotals(question: EstimatedQuestion): number {
  return estimateBuckets(question, lengthOf(question.range));
}

/** The rows or cells that a series reads, and the number of its points. */
export function estimateSeries(
  question: EstimatedQuestion,
  { grain: asked, timeZone }: Pick<SeriesOptions, 'grain' | 'timeZone'>,
): { readonly read: number; readonly points: number } {
  const grain = asked === 'AUTO' ? chooseGrain(question.range) : asked;
  const points = Math.ceil(lengthOf(question.range) / MIN_WIDTH_MS[grain]) + 1;
  return { read: estimateBuckets(question, MIN_WIDTH_MS[grain], timeZone), points };
}

/**
 * The rows or cells that buckets of this width read from the set that reads least, and the groups
 * that are held meanwhile.
 */
export function estimateBuckets(question: EstimatedQuestion, bucketMs: number, timeZone = 'UTC'): number {
  const rows = (lengthOf(question.range) / HOUR_MS) * ROWS_PER_HOUR;
  const byCells = answeringSets({ ...question, projectId: '' }).map((set) =>
    cellsOf(set, question, { bucketMs, timeZone }),
  );
  // An archived day is counted before it answers.
  const read = Math.min(rows, ...(question.archive === true ? [] : byCells), MAX_ESTIMATED_READ);
  // Distinct values are held in memory like groups.
  const counted = question.measures.filter(({ totals }) => totals?.includes('distinct'));
  const names = [...question.dimensions, ...counted.map(({ measure }) => measure)];
  const held = hasManyValues(question.dataset, names) ? Math.min(rows, MANY_GROUPS) : 0;
  return Math.ceil(read + held);
}

/** Infinite if no cell of the set fits into a bucket. */
function cellsOf(
  set: RollupSet,
  { dataset, range }: EstimatedQuestion,
  { bucketMs, timeZone }: { readonly bucketMs: number; readonly timeZone: string },
): number {
  // Cells are UTC days; days of another time zone consist of hours.
  const fitting = set.grains.filter(
    (grain) => ROLLUP_WIDTH_MS[grain] <= bucketMs && (timeZone === 'UTC' || grain !== 'DAY'),
  );
  const coarsest = ROLLUP_GRAINS.findLast((grain) => fitting.includes(grain));
  if (coarsest === undefined) return Number.POSITIVE_INFINITY;
  const whole = (lengthOf(range) / ROLLUP_WIDTH_MS[coarsest]) * cellsPerBucket(set, dataset, coarsest);
  return ROLLUP_GRAINS.slice(0, ROLLUP_GRAINS.indexOf(coarsest)).reduce(
    (cells, finer) => cells + CELLS_AT_ENDS[finer] * cellsPerBucket(set, dataset, finer),
    whole,
  );
}

/**
 * The most cells of each grain that the two ends of a range can need before the next coarser cell
 * begins.
 */
const CELLS_AT_ENDS: Readonly<Record<RollupGrain, number>> = { MINUTE: 118, HOUR: 46, DAY: 0 };

function cellsPerBucket({ dimensions }: RollupSet, dataset: Dataset, grain: RollupGrain): number {
  const rows = (ROLLUP_WIDTH_MS[grain] / HOUR_MS) * ROWS_PER_HOUR;
  if (hasManyValues(dataset, dimensions)) return rows;
  return Math.min(rows, MAX_CELLS_PER_BUCKET, VALUES_PER_DIMENSION ** dimensions.length);
}

const lengthOf = ({ from, to }: Interval): number => to - from;
