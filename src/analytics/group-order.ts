import { compareText } from '../core/compare-text.ts';
import type { ColumnValue } from '../core/dataset/column.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { defined } from '../core/defined.ts';
import { InvalidArgument } from '../core/errors.ts';
import { type Accumulator, type GroupCount, type GroupTotals, quantileOf } from './accumulator.ts';
import type { ResolvedMeasure } from './measures.ts';
import type { GroupOrder, WantedMeasure } from './spec.ts';

/** The quantile that the order `p95` sorts by. */
export const ORDER_QUANTILE = 0.95;

/** What an order by an aggregate needs from its measure. */
const ORDER_NEEDS = {
  sum: { quantiles: [], totals: ['sum'] },
  avg: { quantiles: [], totals: ['sum'] },
  min: { quantiles: [], totals: ['min'] },
  max: { quantiles: [], totals: ['max'] },
  p95: { quantiles: [ORDER_QUANTILE], totals: [] },
  distinct: { quantiles: [], totals: ['distinct'] },
} as const;

/**
 * The wanted measures, and the one that the order needs.
 *
 * @throws InvalidArgument if the dataset cannot be ordered this way.
 */
export function measuresForOrder(
  dataset: Dataset,
  measures: readonly WantedMeasure[],
  { by }: GroupOrder,
): readonly WantedMeasure[] {
  if (by === 'count') return measures;
  if (by === 'errorRate' || by === 'successRate') {
    if (dataset.hasSuccess) return measures;
    throw new InvalidArgument(
      `${dataset.name} does not record success, so there is no ${by} to order by.`,
      'orderBy',
    );
  }
  return [...measures, { measure: by.measure, ...ORDER_NEEDS[by.aggregate] }];
}

/**
 * Sorts groups of one bucket in place, as the database does: groups without a value last, ties by
 * the dimensions.
 */
export function sortGroups(
  groups: GroupTotals[],
  measures: readonly ResolvedMeasure[],
  order: GroupOrder,
): GroupTotals[] {
  const value = orderValueOf(measures, order);
  const values = new Map(groups.map((group) => [group, value(defined(group.buckets[0]))]));
  const sign = order.direction === 'desc' ? -1 : 1;
  return groups.sort((one, other) => {
    const left = values.get(one) ?? null;
    const right = values.get(other) ?? null;
    if (left === null || right === null) {
      if (left !== right) return left === null ? 1 : -1;
    } else if (left !== right) return sign * (left < right ? -1 : 1);
    return compareValues(one.values ?? [], other.values ?? []);
  });
}

function orderValueOf(
  measures: readonly ResolvedMeasure[],
  { by }: GroupOrder,
): (accumulator: Accumulator) => number | null {
  if (by === 'count') return ({ rowCount }) => rowCount;
  if (by === 'successRate') return ({ rowCount, successCount }) => successCount / rowCount;
  if (by === 'errorRate') return ({ rowCount, successCount }) => (rowCount - successCount) / rowCount;
  const index = measures.findIndex(({ column }) => column.name === by.measure);
  const quantile = measures[index]?.quantiles.indexOf(ORDER_QUANTILE) ?? -1;
  return (accumulator) => {
    const totals = defined(accumulator.measures[index]);
    if (by.aggregate === 'distinct') return totals.distinct;
    if (totals.count === 0) return null;
    if (by.aggregate === 'sum') return totals.sum;
    if (by.aggregate === 'avg') return totals.sum / totals.count;
    if (by.aggregate === 'p95') return quantileOf(totals, ORDER_QUANTILE, quantile);
    return by.aggregate === 'min' ? totals.min : totals.max;
  };
}

/** The `top` groups with the most rows; ties are sorted by the dimensions. */
export function largestGroups(counts: Iterable<GroupCount>, top: number): (readonly ColumnValue[])[] {
  return [...counts]
    .sort((one, other) => other.rowCount - one.rowCount || compareValues(one.values, other.values))
    .slice(0, top)
    .map(({ values }) => values);
}

/**
 * Compares the values of dimensions one by one, as SQL does with `codePointOrder`; null is last.
 * Attributes may have values of several types: numbers come first, then text, then booleans.
 */
export function compareValues(one: readonly ColumnValue[], other: readonly ColumnValue[]): number {
  for (let index = 0; index < one.length; index++) {
    const left = one[index] ?? null;
    const right = other[index] ?? null;
    if (left === right) continue;
    if (left === null || right === null) return left === null ? 1 : -1;
    if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
    if (typeof left === typeof right) return left < right ? -1 : 1;
    return TYPES.indexOf(typeof left) - TYPES.indexOf(typeof right);
  }
  return 0;
}

const TYPES = ['number', 'string', 'boolean'];
