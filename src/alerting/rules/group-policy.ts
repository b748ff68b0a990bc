import { DAY_MS } from '../../core/time/units.ts';
import type { GroupPolicy } from './decide-group.ts';
import { levelOf } from './level.ts';
import type { Rule } from './rule.ts';
import { valueOfNothing } from './value-from.ts';

/** A group without events for this long does not come back: its alert would stay open forever. */
const FORGOTTEN_AFTER_MS = 7 * DAY_MS;

/**
 * Groups come and go, except the only group of a rule without `groupBy`: it is always evaluated.
 */
export function groupPolicyOf({ question, policy }: Pick<Rule, 'question' | 'policy'>): GroupPolicy {
  const isGrouped = question.groupBy.length > 0;
  const isAbsenceBad = levelOf(policy, valueOfNothing(question)) !== 'OK';
  return {
    ...policy,
    eases: false,
    remembersWell: isGrouped && isAbsenceBad,
    forgetsAfterMs: isGrouped ? FORGOTTEN_AFTER_MS : null,
  };
}
