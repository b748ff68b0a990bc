import type { Analytics } from '../../query/spec.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { GroupPolicy } from './decide-group.ts';
import { describeAlert } from './describe-alert.ts';
import { readStates } from './group-states.ts';
import { type Judged, type JudgeServices, judgeGroups } from './judge-groups.ts';
import { measure } from './measure.ts';
import type { Rule } from './rule.ts';
import { levelOf } from './transition.ts';
import { valueOf as valueFrom } from './value-of.ts';

const DAY_MS = 86_400_000;
/** A group of whose events the window has been empty for so long does not come back: its alert would stay for ever. */
const FORGOTTEN_AFTER_MS = 7 * DAY_MS;

export interface EvaluationServices extends JudgeServices {
  readonly analytics: Pick<Analytics, 'totals' | 'groups'>;
}

/**
 * Looks at a rule once: asks for its numbers and does with its alerts what they mean. It holds no transaction while it asks.
 *
 * @throws InvalidArgument when the question cannot be answered.
 */
export async function evaluateRule(services: EvaluationServices, rule: Rule, now: number): Promise<void> {
  const { store, analytics } = services;
  const states = await readStates(store.prisma, rule);
  const known = [...states.values()].map(({ labels }) => labels);
  const looks = await measure(analytics, rule, known, now);
  await judgeGroups(services, toJudged(rule), states, looks, now);
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

/** Groups come and go; the one group of a rule that does not group is always looked at. */
export function groupPolicyOf({ question, policy }: Pick<Rule, 'question' | 'policy'>): GroupPolicy {
  const isGrouped = question.groupBy.length > 0;
  const goneIsBad = levelOf(policy, valueFrom(question, null)) !== 'OK';
  return {
    ...policy,
    remembersWell: isGrouped && goneIsBad,
    forgetsAfterMs: isGrouped ? FORGOTTEN_AFTER_MS : null,
  };
}
