import type { PreviewedRule } from '../../../../src/alerting/rules/preview.ts';
import type { EventQuestion, RulePolicy } from '../../../../src/alerting/rules/rule.ts';
import { llmCalls } from '../../../../src/declarations/llm/llm-calls.ts';

/** A rule about events of a dataset. */
export interface EventRule extends PreviewedRule {
  readonly question: EventQuestion;
}

/** A rule: more than two model calls in five minutes, unless the arguments say otherwise. */
export function ruleOf(
  question: Partial<EventQuestion> = {},
  policy: Partial<RulePolicy> = {},
  projectId = 'p',
): EventRule {
  return {
    projectId,
    question: {
      dataset: llmCalls,
      filter: null,
      aggregate: 'COUNT',
      measure: null,
      quantile: null,
      groupBy: [],
      windowMs: 300_000,
      minimumCount: 0,
      ...question,
    },
    policy: {
      comparator: 'GT',
      warning: 2,
      critical: null,
      forMs: 0,
      absent: 'OK',
      recoverMs: 0,
      renotifyMs: null,
      ...policy,
    },
  };
}
