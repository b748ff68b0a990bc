import { DAY_MS } from '../../core/time/units.ts';
import type { GroupPolicy } from './decide-group.ts';
import { levelOf } from './level.ts';
import type { Rule } from './rule.ts';
import { valueFrom } from './value-from.ts';

/**
 * A group of whose events the window has been empty for so long does not come back: its alert would
 * stay for ever.
 */
const FORGOTTEN_AFTER_MS = 7 * DAY_MS;

/** Groups come and go; the one group of a rule that does not group is always looked at. */
export function groupPolicyOf({ question, policy }: Pick<Rule, 'question' | 'policy'>): GroupPolicy {
  const isGrouped = question.groupBy.length > 0;
  const goneIsBad = levelOf(policy, valueFrom(question, null)) !== 'OK';
  return {
    ...policy,
    eases: false,
    remembersWell: isGrouped && goneIsBad,
    forgetsAfterMs: isGrouped ? FORGOTTEN_AFTER_MS : null,
  };
}
