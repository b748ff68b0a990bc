import type { ColumnKind, ColumnValue } from '../core/dataset/column.ts';
import { isWithinColumn } from '../core/dataset/field.ts';
import { columnOf } from '../core/dataset/table.ts';
import { defined, present } from '../core/defined.ts';
import { addBucket, bucketKey, type Histogram } from '../core/histogram.ts';
import type { DynamicSelect } from '../storage/dialect/analytics-functions.ts';
import { type Accumulator, countOf, type GroupCount, type Groups, type GroupTotals } from './accumulator.ts';
import { largestGroups } from './group-order.ts';
import type { ResolvedMeasure } from './measures.ts';
import { partAlias, VALUE_PARTS } from './raw-attributes.ts';
import { largestGroupsQuery, type Ranking, rankedTotalsQuery } from './raw-ranking.ts';
import {
  histogramQuery,
  type KeptGroups,
  PIECE,
  type RowsQuestion,
  totalsQuery,
  totalsToRead,
} from './raw-sql.ts';
import type { QuerySpec, Total } from './spec.ts';

/** A result row. PostgreSQL returns 64-bit integers as text, SQLite returns booleans as 0 and 1. */
export type ResultRow = Readonly<Record<string, unknown>>;

/** Where the results of a question about rows are added. */
export interface RowsTarget {
  readonly measures: readonly ResolvedMeasure[];
  readonly kept: KeptGroups;
  readonly groups: Groups;
}

/**
 * The lowest and the highest key of the histogram's mapping. Keys beyond them are clamped to them.
 */
const LOWEST_KEY = bucketKey(Number.MIN_VALUE);
const HIGHEST_KEY = bucketKey(Number.MAX_VALUE);

/**
 * Adds totals and exact quantiles of the rows within the pieces. Each piece must be a whole bucket.
 *
 * @returns the number of rows.
 */
export async function addRows(question: RowsQuestion, target: RowsTarget): Promise<number> {
  return runTotals(question, target, true);
}

/**
 * Adds totals and histograms of the rows within the pieces. Unlike exact quantiles, these can be
 * added to cells.
 *
 * @returns the number of rows.
 */
export async function addRowsToCells(question: RowsQuestion, target: RowsTarget): Promise<number> {
  const wanted = target.measures.map((measure, index) => ({ measure, index }));
  const histograms = wanted
    .filter(({ measure }) => measure.quantiles.length > 0)
    .map((histogram) => runHistogram(question, target, histogram));
  const [rowsRead] = await Promise.all([runTotals(question, target, false), ...histograms]);
  return rowsRead;
}

/** The number of totals added in one go, and the estimated time for one with one measure. */
const ROWS_PER_PORTION = 500;
const ROW_MICROSECONDS = 2;

/** Yields the rows in batches, and lets other work run in between. */
async function* inPortions(
  { context }: RowsQuestion,
  rows: readonly ResultRow[],
  measures: number,
): AsyncGenerator<readonly ResultRow[]> {
  for (let first = 0; first < rows.length; first += ROWS_PER_PORTION) {
    const portion = rows.slice(first, first + ROWS_PER_PORTION);
    await context.pass(portion.length * ROW_MICROSECONDS * (1 + measures));
    yield portion;
  }
}

/** Reads as many rows as the range has, so few such statements may run at a time. */
export function readLong(
  { context, spec: { projectId } }: RowsQuestion,
  query: DynamicSelect,
): Promise<ResultRow[]> {
  return context.reading({ kind: 'LONG', projectId }, () => query.execute());
}

async function runTotals(question: RowsQuestion, target: RowsTarget, quantiles: boolean): Promise<number> {
  const { measures, kept } = target;
  const rows: ResultRow[] = await readLong(question, totalsQuery(question, { measures, kept, quantiles }));
  const added = { measures, quantiles };
  let rowsRead = 0;
  for await (const portion of inPortions(question, rows, measures.length)) {
    for (const row of portion) {
      const count = Number(row.row_count);
      // Without grouping, SQL returns one row even if there is nothing to count.
      if (count === 0) continue;
      rowsRead += count;
      addTotals(accumulatorOf(question, target, row), row, added);
    }
  }
  return rowsRead;
}

/**
 * Maximum number of totals, one per piece and group, that are read to keep the largest groups. They
 * count towards the limits of the query; even those of fifty aliases stay below the default.
 */
const MAX_TOTALS = 5_000;

/**
 * Adds totals of the groups with the most rows, and of all others together, in one pass over the
 * rows: it reads the totals of every group and chooses the largest from them.
 *
 * @param createTarget makes the target for the groups to keep
 * @returns the target and the number of rows; null if there are too many groups
 */
export async function addLargestRows(
  question: RowsQuestion,
  { measures, top }: { readonly measures: readonly ResolvedMeasure[]; readonly top: number },
  createTarget: (kept: NonNullable<KeptGroups>) => RowsTarget,
): Promise<{ readonly target: RowsTarget; readonly rowsRead: number } | null> {
  const query = totalsQuery(question, { measures, kept: null, quantiles: false }).limit(MAX_TOTALS + 1);
  const rows: ResultRow[] = await readLong(question, query);
  if (rows.length > MAX_TOTALS) return null;
  const counts = new Map<string, GroupCount>();
  for (const row of rows) countOf(counts, valuesOf(question.spec, row)).rowCount += Number(row.row_count);
  const target = createTarget(largestGroups(counts.values(), top));
  const all = { ...target, kept: null };
  const added = { measures, quantiles: false };
  let rowsRead = 0;
  for await (const portion of inPortions(question, rows, measures.length)) {
    for (const row of portion) {
      rowsRead += Number(row.row_count);
      addTotals(accumulatorOf(question, all, row), row, added);
    }
  }
  return { target, rowsRead };
}

/**
 * Adds the groups of the ranking, with exact quantiles.
 *
 * @returns the number of rows of all groups that are large enough.
 */
export async function addRankedRows(
  question: RowsQuestion,
  target: RowsTarget,
  ranking: Ranking,
): Promise<number> {
  const { measures } = target;
  const added = { measures, quantiles: true };
  const rows: ResultRow[] = await readLong(question, rankedTotalsQuery(question, measures, ranking));
  for await (const portion of inPortions(question, rows, measures.length)) {
    for (const row of portion) {
      if (Number(row.row_count) > 0) addTotals(accumulatorOf(question, target, row), row, added);
    }
  }
  return Number(rows[0]?.total_rows ?? 0);
}

/** Counts the rows within the pieces by group: of the `first` largest groups, or of all (null). */
export async function countRows(
  question: RowsQuestion,
  first: number | null,
  counts: Map<string, GroupCount>,
): Promise<void> {
  const rows: ResultRow[] = await readLong(question, largestGroupsQuery(question, first));
  for (const row of rows) countOf(counts, valuesOf(question.spec, row)).rowCount += Number(row.row_count);
}

async function runHistogram(
  question: RowsQuestion,
  target: RowsTarget,
  { measure, index }: { readonly measure: ResolvedMeasure; readonly index: number },
): Promise<void> {
  const rows: ResultRow[] = await readLong(question, histogramQuery(question, target.kept, measure.column));
  for await (const portion of inPortions(question, rows, 0)) {
    for (const row of portion) {
      const { histogram } = defined(accumulatorOf(question, target, row).measures[index]);
      addHistogramRow(present(histogram), row);
    }
  }
}

function addHistogramRow(histogram: Histogram, row: ResultRow): void {
  const times = Number(row.row_count);
  if (row.histogram_key === null) {
    histogram.zeroes += times;
    histogram.count += times;
    return;
  }
  addBucket(histogram, Math.min(Math.max(Number(row.histogram_key), LOWEST_KEY), HIGHEST_KEY), times);
}

export function accumulatorOf(
  { spec, pieces }: RowsQuestion,
  target: RowsTarget,
  row: ResultRow,
): Accumulator {
  const { bucket } = defined(pieces[Number(row[PIECE] ?? 0)]);
  return target.groups.accumulator(groupOf(spec, target, row), bucket);
}

function groupOf(spec: QuerySpec, { groups, kept }: RowsTarget, row: ResultRow): GroupTotals {
  if (kept === null) return groups.of(valuesOf(spec, row));
  const values = kept[Number(row.group_position)];
  return values === undefined ? groups.other() : groups.of(values);
}

function valuesOf(spec: QuerySpec, row: ResultRow): ColumnValue[] {
  return spec.dimensions.map((name, position) =>
    isWithinColumn(name)
      ? valueAtPath(row, position)
      : toColumnValue(columnOf(spec.dataset, name).kind, row[name]),
  );
}

/** The value of an attribute or a tag. At most one of its parts is not null. */
function valueAtPath(row: ResultRow, position: number): ColumnValue {
  const [number, text, boolean] = VALUE_PARTS.map((part) => row[partAlias(position, part)] ?? null);
  if (number !== null) return Number(number);
  return text !== null ? String(text) : toColumnValue('boolean', boolean);
}

/** The value of a dimension as an event has it, converted from what the database returns. */
function toColumnValue(kind: ColumnKind, value: unknown): ColumnValue {
  if (value === null || value === undefined) return null;
  if (kind === 'boolean') return Boolean(value);
  if (kind === 'integer' || kind === 'float' || kind === 'money' || kind === 'timestamp')
    return Number(value);
  return String(value);
}

const ADD: Readonly<Record<Total, (one: number, other: number) => number>> = {
  sum: (one, other) => one + other,
  min: Math.min,
  max: Math.max,
  // Each bucket of a group comes in one row, so no two counts of distinct values are ever added up.
  distinct: (one, other) => one + other,
  others: (one, other) => one + other,
};

interface AddedTotals {
  readonly measures: readonly ResolvedMeasure[];
  /** Whether the row has the quantiles of the measures. */
  readonly quantiles: boolean;
}

function addTotals(accumulator: Accumulator, row: ResultRow, { measures, quantiles }: AddedTotals): void {
  accumulator.rowCount += Number(row.row_count);
  accumulator.successCount += Number(row.success_count ?? 0);
  measures.forEach((measure, index) => {
    const totals = defined(accumulator.measures[index]);
    totals.count += Number(row[`count_${index}`]);
    for (const total of totalsToRead(measure, quantiles)) {
      const value = toNumber(row[`${total}_${index}`]);
      // Without values there are no extremes.
      if (value !== null) totals[total] = ADD[total](totals[total], value);
    }
    if (quantiles) totals.exact = measure.quantiles.map((_, at) => toNumber(row[`quantile_${index}_${at}`]));
  });
}

const toNumber = (value: unknown): number | null => (value === null ? null : Number(value));
