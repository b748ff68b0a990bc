import { createRuleEvaluator, type RuleEvaluatorOptions } from '../../../../src/alerting/rules/evaluator.ts';
import type { TestGraphQL } from '../../../support/graphql.ts';
import { createTestSchedule } from '../../../support/test-schedule.ts';

/** An evaluator of rules that runs when the test says so. */
export interface Evaluation {
  /** Moves the clock by this many milliseconds, and runs one turn. */
  turnAfter(milliseconds: number): Promise<void>;
  turn(): Promise<void>;
  readonly log: { readonly details: object; readonly message: string }[];
  stop(): Promise<void>;
}

export function startEvaluation(
  { services, clock }: Pick<TestGraphQL, 'services' | 'clock'>,
  replace: Partial<RuleEvaluatorOptions> = {},
): Evaluation {
  const schedule = createTestSchedule();
  const lines: { details: object; message: string }[] = [];
  const log = { error: (details: object, message: string) => void lines.push({ details, message }) };
  const evaluator = createRuleEvaluator({ ...services, ...services.alerting, schedule, log, ...replace });
  evaluator.start();
  return {
    log: lines,
    turn: () => schedule.round(),
    async turnAfter(milliseconds) {
      clock.advance(milliseconds);
      await schedule.round();
    },
    stop: () => evaluator.stop(),
  };
}
