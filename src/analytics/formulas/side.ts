import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Filter } from '../../core/filter.ts';
import type { Interval } from '../../core/time/range.ts';
import { measuresForOrder, ORDER_QUANTILE } from '../group-order.ts';
import type { GroupOrder, Scope, Stats, WantedMeasure } from '../spec.ts';

/**
 * A number computed from some events: how many there are, an aggregate of one of their measures, or
 * how many values one of their dimensions has.
 */
export type Aggregate = Exclude<GroupOrder['by'], 'errorRate' | 'successRate'>;

/** One side of a formula: a number of the events of a dataset that match a filter. */
export interface Side {
  readonly dataset: Dataset;
  readonly filter: Filter | null;
  readonly aggregate: Aggregate;
  /** Set if the side is about an earlier range. Null: it is about the range of the formula. */
  readonly earlier: Interval | null;
}

/** What a formula is about. */
export interface FormulaScope extends Pick<Scope, 'projectId' | 'range' | 'archive'> {}

/** Which rows a side is about. */
export function scopeOf(formula: FormulaScope, { dataset, filter, earlier }: Side): Scope {
  const { projectId, range, archive } = formula;
  return { dataset, projectId, range: { ...range, ...earlier }, filter, ...(archive && { archive }) };
}

/** The measures that analytics has to read for the number. */
export function measuresOf({ dataset, aggregate }: Side): readonly WantedMeasure[] {
  return measuresForOrder(dataset, [], { by: aggregate, direction: 'desc' });
}

/**
 * The number of a side, in public units (USD, not nano-USD). Without events, counts and sums are 0
 * and everything else is null. If there are events but none has the measure, the sum is null too:
 * an absent cost is unknown, not free.
 *
 * @param stats with the measures of `measuresOf`; null: there are no events
 */
export function numberOf({ aggregate }: Side, stats: Stats | null): number | null {
  if (aggregate === 'count') return stats?.rowCount ?? 0;
  const found = stats?.measures.get(aggregate.measure);
  if (found === undefined || stats?.rowCount === 0) return isOfNothing(aggregate.aggregate) ? 0 : null;
  switch (aggregate.aggregate) {
    case 'sum':
      return found.sum;
    case 'avg':
      return found.sum === null || found.count === 0 ? null : found.sum / found.count;
    case 'p95':
      return found.quantiles.get(ORDER_QUANTILE) ?? null;
    default:
      return found[aggregate.aggregate];
  }
}

const isOfNothing = (aggregate: string): boolean => aggregate === 'sum' || aggregate === 'distinct';
