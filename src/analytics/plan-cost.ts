import type { Dataset } from '../core/dataset/dataset.ts';
import { ROLLUP_WIDTH_MS, type RollupGrain, type RollupSet } from '../core/dataset/rollup-set.ts';

/**
 * What the planner assumes and what was measured. The costs only rank ways to the same answer: they
 * are milliseconds on two cores, from a million calls of 30 days.
 */

/** An assumption of the planner and of prices: the distinct values of a dimension. */
export const VALUES_PER_DIMENSION = 4;
/** Assumed traffic of a busy project. */
const ROWS_PER_SECOND = 10;
/** Assumed values of a dimension with many values that occur in one bucket. */
const MANY_VALUES = 1_000;

const CELLS_PER_MS = 100;
const ROWS_PER_MS = 150;
const COLUMN_ROWS_PER_MS = 8_000;
/** One question to the columns: to catch up, to compile, and a turn of their thread. */
const COLUMNS_MS = 10;

/** Where the rows of a stretch come from: their table, or its copy by columns. */
export type RowsSource = 'RAW' | 'COLUMNS';

/** To read the rows of `span` milliseconds. */
export function costOfRows(span: number, source: RowsSource): number {
  const rows = (span / 1_000) * ROWS_PER_SECOND;
  if (rows === 0) return 0;
  return source === 'RAW' ? rows / ROWS_PER_MS : COLUMNS_MS + rows / COLUMN_ROWS_PER_MS;
}

/** To read the cells of `span` milliseconds. */
export function costOfCells(
  dataset: Dataset,
  { dimensions }: RollupSet,
  { grain, span }: { readonly grain: RollupGrain; readonly span: number },
): number {
  const many = new Set(dataset.dimensions.flatMap((column) => (column.manyValues ? [column.name] : [])));
  const combinations = dimensions.reduce(
    (product, name) => product * (many.has(name) ? MANY_VALUES : VALUES_PER_DIMENSION),
    1,
  );
  const width = ROLLUP_WIDTH_MS[grain];
  const cells = Math.min(combinations, (width / 1_000) * ROWS_PER_SECOND);
  return ((span / width) * cells) / CELLS_PER_MS;
}
