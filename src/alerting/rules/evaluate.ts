import type { Analytics } from '../../analytics/spec.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { GoesOn } from '../lease/leased-work.ts';
import { describeAlert } from './describe-alert.ts';
import { groupPolicyOf } from './group-policy.ts';
import { readStates } from './group-states.ts';
import { type Judged, type JudgeServices, judgeGroups } from './judge-groups.ts';
import { measure } from './measure.ts';
import type { Rule } from './rule.ts';

export interface EvaluationServices extends JudgeServices {
  readonly analytics: Pick<Analytics, 'totals' | 'groups'>;
}

/**
 * Looks at a rule once: asks for its numbers and does with its alerts what they mean. It holds no transaction while it asks. Answers
 * whether all was done: false as soon as it is not to go on.
 *
 * @throws InvalidArgument when the question cannot be answered.
 */
export async function evaluateRule(
  services: EvaluationServices,
  rule: Rule,
  now: number,
  goesOn: GoesOn,
): Promise<boolean> {
  const { store, analytics } = services;
  const states = await readStates(store.prisma, rule);
  const known = [...states.values()].map(({ labels }) => labels);
  const looks = await measure(analytics, rule, known, now, goesOn);
  return looks !== null && (await judgeGroups(services, toJudged(rule), states, looks, now, goesOn));
}

function toJudged(rule: Rule): Judged {
  const { projectId, ruleId, updatedAt } = rule;
  return {
    projectId,
    ruleId,
    policy: groupPolicyOf(rule),
    source: `rule:${ruleId}`,
    isCurrent: (transaction) => isCurrent(transaction, { projectId, ruleId, updatedAt }),
    describe: (look, raised) => describeAlert(rule, look, raised),
  };
}

/** A rule that was changed, switched off or deleted meanwhile has no say any more. */
async function isCurrent(
  transaction: PrismaTransaction,
  { projectId, ruleId, updatedAt }: Pick<Rule, 'projectId' | 'ruleId' | 'updatedAt'>,
): Promise<boolean> {
  const found = await transaction.alertRule.count({
    where: { projectId, ruleId, enabled: true, updatedAt: new Date(updatedAt) },
  });
  return found > 0;
}
