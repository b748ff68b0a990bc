import type { Analytics } from '../../analytics/analytics.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { ShouldContinue } from '../lease/leased-work.ts';
import type { Measurement } from './decide-group.ts';
import { describeAlert } from './describe-alert.ts';
import { type AlertOwner, evaluateGroups, type GroupServices } from './evaluate-groups.ts';
import { groupPolicyOf } from './group-policy.ts';
import { readStates } from './group-states.ts';
import { measure } from './measure.ts';
import type { Rule } from './rule.ts';

export interface EvaluationServices extends GroupServices {
  readonly analytics: Pick<Analytics, 'totals' | 'groups'>;
}

/** One turn of the evaluator, for one rule. */
export interface Turn {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly shouldContinue: ShouldContinue;
}

/**
 * Evaluates a rule once: measures its numbers and changes its alerts accordingly. Holds no
 * transaction while it measures. Returns the measurements; null if not everything is done, because
 * `shouldContinue` returned false.
 *
 * @throws InvalidArgument if the question cannot be answered.
 */
export async function evaluateRule(
  services: EvaluationServices,
  rule: Rule,
  { now, shouldContinue }: Turn,
): Promise<readonly Measurement[] | null> {
  const { store, analytics } = services;
  const states = await readStates(store.prisma, rule);
  const known = [...states.values()].map(({ labels }) => labels);
  const measurements = await measure(analytics, rule, { known, now, shouldContinue });
  if (measurements === null) return null;
  const owner = toOwner(rule);
  const isDone = await evaluateGroups(services, { owner, states, measurements, now, shouldContinue });
  return isDone ? measurements : null;
}

function toOwner(rule: Rule): AlertOwner {
  const { projectId, ruleId, updatedAt } = rule;
  return {
    projectId,
    ruleId,
    policy: groupPolicyOf(rule),
    source: `rule:${ruleId}`,
    isCurrent: (transaction) => isCurrent(transaction, { projectId, ruleId, updatedAt }),
    describe: (measurement, raised) => describeAlert(rule, measurement, raised),
  };
}

/** False if the rule was changed, disabled or deleted meanwhile. */
async function isCurrent(
  transaction: PrismaTransaction,
  { projectId, ruleId, updatedAt }: Pick<Rule, 'projectId' | 'ruleId' | 'updatedAt'>,
): Promise<boolean> {
  const found = await transaction.alertRule.count({
    where: { projectId, ruleId, enabled: true, updatedAt: new Date(updatedAt) },
  });
  return found > 0;
}
