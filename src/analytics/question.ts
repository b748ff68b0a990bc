import type { ResolvedMeasure } from './measures.ts';
import type { Plan } from './plan.ts';
import type { QuerySpec } from './spec.ts';

/**
 * A question that is ready to be executed: what to compute, and the rows and cells to compute it
 * from.
 */
export interface Question {
  readonly spec: QuerySpec;
  readonly measures: readonly ResolvedMeasure[];
  readonly plan: Plan;
  /**
   * The most that the replica that answers is behind, in milliseconds. Null: no replica answers.
   */
  readonly behindMs?: number | null;
}
