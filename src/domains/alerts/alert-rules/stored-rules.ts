import type { StoredRule } from '../../../alerting/rules/rule.ts';
import { InvalidArgument, TelltaleError } from '../../../core/errors.ts';
import { derivedId } from '../../../core/ids.ts';
import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import type { Context } from '../../../graphql/context.ts';
import type { StateTransaction } from '../../../graphql/states/state-values.ts';

/** Identifies a rule for Prisma. */
export function ruleKey({ projectId }: Pick<Context, 'projectId'>, ruleId: string) {
  return { projectId_id: { projectId, id: derivedId(projectId, alertRules.name, ruleId) } };
}

/** @throws TelltaleError NOT_FOUND if there is no such rule. */
async function requireRule(prisma: StateTransaction, context: Context, ruleId: string): Promise<StoredRule> {
  const rule = await prisma.alertRule.findUnique({ where: ruleKey(context, ruleId) });
  if (rule !== null) return rule;
  throw new TelltaleError('NOT_FOUND', `There is no alert rule "${ruleId}".`, { argument: 'input.ruleId' });
}

/** @throws InvalidArgument at `input.webhooks.<index>` for a webhook that does not exist. */
export async function requireWebhooks(
  prisma: StateTransaction,
  { projectId }: Pick<Context, 'projectId'>,
  webhookIds: readonly string[],
): Promise<void> {
  if (webhookIds.length === 0) return;
  const where = { projectId, webhookId: { in: [...webhookIds] } };
  const found = await prisma.webhook.findMany({ where, select: { webhookId: true } });
  const known = new Set(found.map(({ webhookId }) => webhookId));
  webhookIds.forEach((webhookId, index) => {
    if (known.has(webhookId)) return;
    throw new InvalidArgument(`There is no webhook "${webhookId}".`, `input.webhooks.${index}`);
  });
}

/**
 * Changes a rule in one short transaction. Then resolves the alerts that the rule no longer
 * handles, in batches between which others can write. If that is interrupted, the evaluator of
 * rules resolves the rest.
 *
 * @param change returns the changed rule. If it invalidates what the rule has found, it calls
 *   `forgetFindings`.
 * @throws TelltaleError NOT_FOUND if there is no such rule.
 */
export async function changeRule(
  context: Context,
  ruleId: string,
  change: (prisma: StateTransaction, present: StoredRule) => Promise<StoredRule>,
): Promise<StoredRule> {
  const { alertBook, endOrphans } = context.services.alerting;
  const { before, after } = await alertBook.change(context.projectId, async (_writer, prisma) => {
    const present = await requireRule(prisma, context, ruleId);
    return { before: present, after: await change(prisma, present) };
  });
  // Notifies the webhooks that were notified of the alerts: those that the old version of the rule
  // named.
  await endOrphans({ rule: before });
  return after;
}
