import { burnRate } from './error-budget.ts';
import type { SloBucket } from './slo-counts.ts';

/**
 * The events of an SLO in one time bucket, and the part of the error budget that is left after it.
 */
export interface BudgetPoint extends SloBucket {
  /** Null if the bucket has no events. */
  readonly burnRate: number | null;
  /** The share that is left of the budget of all buckets. Null if there are no events at all. */
  readonly budgetRemaining: number | null;
}

/** How the buckets of a window, oldest first, use up the error budget of the whole window. */
export function burnDown(buckets: readonly SloBucket[], objective: number): BudgetPoint[] {
  const events = buckets.reduce((sum, bucket) => sum + bucket.events, 0);
  let bad = 0;
  return buckets.map((bucket) => {
    bad += bucket.events - bucket.good;
    const consumed = burnRate({ events, good: events - bad }, objective);
    return {
      ...bucket,
      burnRate: burnRate(bucket, objective),
      budgetRemaining: consumed === null ? null : 1 - consumed,
    };
  });
}
