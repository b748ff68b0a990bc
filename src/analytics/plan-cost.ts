import type { Dataset } from '../core/dataset/dataset.ts';
import { isWithinColumn } from '../core/dataset/field.ts';
import { ROLLUP_WIDTH_MS, type RollupGrain, type RollupSet } from '../core/dataset/rollup-set.ts';

// The costs only rank ways to the same answer. They are milliseconds of processor time, measured
// with a month of a million calls. What is stored does not matter, so the same question is always
// answered in the same way.

/** Assumed traffic: eight million rows a month, enough for the choice of source to matter. */
const ROWS_PER_SECOND = 3;
/**
 * By which factor another dimension multiplies the cells. It is less than the number of values,
 * because dimensions depend on each other: a model has one provider.
 */
const CELLS_PER_DIMENSION = 2.5;

const CELLS_PER_MS = 200;
const ROWS_PER_MS = 400;
const COLUMN_ROWS_PER_MS = 6_000;
/**
 * The fixed cost of a question to the columns: its two to four statements are compiled and change
 * threads.
 */
const COLUMNS_MS = 30;

/** Where rows come from: their table, or its columnar copy. */
export type RowsSource = 'RAW' | 'COLUMNS';

/** The cost to read the rows of `span` milliseconds. */
export function costOfRows(span: number, source: RowsSource): number {
  const rows = rowsIn(span);
  if (rows === 0) return 0;
  return source === 'RAW' ? rows / ROWS_PER_MS : COLUMNS_MS + rows / COLUMN_ROWS_PER_MS;
}

/** The cost to read the cells of `span` milliseconds. */
export function costOfCells(
  dataset: Dataset,
  { dimensions }: RollupSet,
  { grain, span }: { readonly grain: RollupGrain; readonly span: number },
): number {
  const width = ROLLUP_WIDTH_MS[grain];
  const rows = rowsIn(width);
  const cells = hasManyValues(dataset, dimensions)
    ? rows
    : Math.min(rows, CELLS_PER_DIMENSION ** dimensions.length);
  return ((span / width) * cells) / CELLS_PER_MS;
}

/**
 * Whether there may be nearly as many groups by these dimensions as rows. For attributes and tags
 * this is unknown.
 */
export const hasManyValues = (dataset: Dataset, dimensions: readonly string[]): boolean =>
  dimensions.some(isWithinColumn) ||
  dataset.dimensions.some(({ name, manyValues }) => manyValues && dimensions.includes(name));

const rowsIn = (span: number): number => (span / 1_000) * ROWS_PER_SECOND;
