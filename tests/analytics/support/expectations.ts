import { expect } from 'vitest';
import type { Source, Stats, WantedMeasure } from '../../../src/analytics/spec.ts';
import { NANO_USD_PER_USD } from '../../../src/core/dataset/column.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { columnOf } from '../../../src/core/dataset/table.ts';
import { RELATIVE_ERROR } from '../../../src/core/histogram.ts';
import { type NaiveStats, percentile } from './naive.ts';

/** Sums of doubles depend on the order of addition. */
const SUM_TOLERANCE = 1e-9;
/** Interpolation between two doubles may round once more on one side than on the other. */
const ROUNDING = 1e-12;

/**
 * Counts, extremes and integer sums equal; sums of doubles nearly; quantiles exact from rows,
 * within the stated error from cells.
 */
export function expectStats(
  actual: Stats,
  expected: NaiveStats,
  dataset: Dataset,
  wanted: readonly WantedMeasure[],
  source: Pick<Source, 'kind'>,
): void {
  expect(actual.rowCount).toBe(expected.rowCount);
  expect(actual.successCount).toBe(expected.successCount);
  for (const { measure, quantiles } of wanted) {
    const { kind } = columnOf(dataset, measure);
    const unit = kind === 'money' ? NANO_USD_PER_USD : 1;
    const values = expected.values(measure);
    const sum = values.reduce((total, value) => total + value, 0) / unit;
    const stats = actual.measures.get(measure);
    expect(stats?.count).toBe(values.length);
    expect(stats?.min ?? null).toBe(values.length === 0 ? null : (values[0] as number) / unit);
    expect(stats?.max ?? null).toBe(values.length === 0 ? null : (values.at(-1) as number) / unit);
    // Rows without the measure: their sum is unknown.
    if (values.length === 0 && expected.rowCount > 0) expect(stats?.sum).toBeNull();
    else if (kind === 'float') expectNear(stats?.sum, sum, SUM_TOLERANCE);
    else expect(stats?.sum).toBe(sum);
    const tolerance = source.kind === 'RAW' ? ROUNDING : RELATIVE_ERROR * (1 + ROUNDING);
    for (const p of quantiles) {
      const exact = percentile(values, p);
      if (exact === null) expect(stats?.quantiles.get(p)).toBeNull();
      else expectNear(stats?.quantiles.get(p), exact / unit, tolerance);
    }
  }
}

function expectNear(actual: number | null | undefined, expected: number, tolerance: number): void {
  expect(actual, `near ${expected}`).toBeTypeOf('number');
  expect(Math.abs((actual as number) - expected), `${actual} near ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.abs(expected),
  );
}
