import type { ResolvedMeasure } from './measures.ts';
import type { Plan } from './plan.ts';
import type { QuerySpec } from './spec.ts';

/** A question that is ready to be executed: what is asked, and which rows and cells answer it. */
export interface Question {
  readonly spec: QuerySpec;
  readonly measures: readonly ResolvedMeasure[];
  readonly plan: Plan;
  /** How far the replica that is asked is behind at most, in milliseconds. Null: none is asked. */
  readonly behindMs?: number | null;
}
