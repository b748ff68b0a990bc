import { expect } from 'vitest';
import type { Source, Stats, Total, WantedMeasure } from '../../../src/analytics/spec.ts';
import { NANO_USD_PER_USD } from '../../../src/core/dataset/column.ts';
import type { Dataset } from '../../../src/core/dataset/dataset.ts';
import { fieldOf } from '../../../src/core/dataset/field.ts';
import { RELATIVE_ERROR } from '../../../src/core/histogram.ts';
import { type NaiveStats, percentile } from './naive.ts';

const ALL_TOTALS: readonly Total[] = ['sum', 'min', 'max'];
/** Sums of doubles depend on the order of addition. */
const SUM_TOLERANCE = 1e-9;
/** Interpolation between two doubles may round once more on one side than on the other. */
const ROUNDING = 1e-12;

/**
 * Counts, extremes and integer sums are equal; sums of doubles are nearly equal; quantiles are
 * exact from rows, and within the stated error from cells. An `expect` for each number would take
 * most of the time of the tests, which compare a million of them, so it is called only for
 * differences.
 */
export function expectStats(
  actual: Stats,
  expected: NaiveStats,
  dataset: Dataset,
  wanted: readonly WantedMeasure[],
  source: Pick<Source, 'kind'>,
): void {
  const wrong: string[] = [];
  const same = (what: string, is: number | null | undefined, should: number | null): void => {
    if (!Object.is(is, should)) wrong.push(`${what} is ${is}, not ${should}`);
  };
  const near = (what: string, is: number | null | undefined, should: number, tolerance: number): void => {
    const isNear = typeof is === 'number' && Math.abs(is - should) <= tolerance * Math.abs(should);
    if (!isNear) wrong.push(`${what} is ${is}, not near ${should}`);
  };
  same('rowCount', actual.rowCount, expected.rowCount);
  same('successCount', actual.successCount, expected.successCount);
  for (const { measure, quantiles, totals = ALL_TOTALS } of wanted) {
    if (totals.includes('distinct'))
      same(`distinct of ${measure}`, actual.measures.get(measure)?.distinct, expected.distinct(measure));
    if (totals.includes('others'))
      same(`others of ${measure}`, actual.measures.get(measure)?.others, expected.others(measure));
    const { kind } = fieldOf(dataset, measure);
    const unit = kind === 'money' ? NANO_USD_PER_USD : 1;
    const values = expected.values(measure);
    const sum = values.reduce((total, value) => total + value, 0) / unit;
    const stats = actual.measures.get(measure);
    const [first = null] = values;
    const last = values.at(-1) ?? null;
    same(`count of ${measure}`, stats?.count, values.length);
    if (totals.includes('min')) same(`min of ${measure}`, stats?.min, first === null ? null : first / unit);
    if (totals.includes('max')) same(`max of ${measure}`, stats?.max, last === null ? null : last / unit);
    if (totals.includes('sum')) {
      // Rows without the measure: their sum is unknown.
      if (values.length === 0 && expected.rowCount > 0) same(`sum of ${measure}`, stats?.sum, null);
      else if (kind === 'float' || kind === 'json') near(`sum of ${measure}`, stats?.sum, sum, SUM_TOLERANCE);
      else same(`sum of ${measure}`, stats?.sum, sum);
    }
    const tolerance =
      source.kind === 'RAW' || source.kind === 'COLUMNS' ? ROUNDING : RELATIVE_ERROR * (1 + ROUNDING);
    for (const p of quantiles) {
      const exact = percentile(values, p);
      const quantile = stats?.quantiles.get(p);
      if (exact === null) same(`quantile ${p} of ${measure}`, quantile, null);
      else near(`quantile ${p} of ${measure}`, quantile, exact / unit, tolerance);
    }
  }
  if (wrong.length > 0) expect(wrong).toEqual([]);
}
