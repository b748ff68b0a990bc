import type { AlertWriter } from '../../../alerting/alert-writer.ts';
import type { StoredRule } from '../../../alerting/rules/rule.ts';
import { InvalidArgument, TelltaleError } from '../../../core/errors.ts';
import { derivedId } from '../../../core/ids.ts';
import type { Context } from '../../../graphql/context.ts';
import type { RecordTransaction } from '../../../graphql/dataset/record-data.ts';
import { alertRules } from './definition.ts';

/** Identifies a rule for Prisma. */
export function ruleKey({ projectId }: Context, ruleId: string) {
  return { projectId_id: { projectId, id: derivedId(projectId, alertRules.name, ruleId) } };
}

/** @throws TelltaleError NOT_FOUND when there is none. */
export async function requireRule(
  prisma: RecordTransaction,
  context: Context,
  ruleId: string,
): Promise<StoredRule> {
  const rule = await prisma.alertRule.findUnique({ where: ruleKey(context, ruleId) });
  if (rule !== null) return rule;
  throw new TelltaleError('NOT_FOUND', `There is no alert rule "${ruleId}".`, { argument: 'input.ruleId' });
}

/** @throws InvalidArgument at `input.webhooks.<index>` for one that there is not. */
export async function requireWebhooks(
  prisma: RecordTransaction,
  { projectId }: Context,
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
 * Forgets what the rule has found, and resolves its alerts: what raised them is asked no more. Comes before the change of the rule, so
 * that those are told who were told of the alerts.
 */
export async function forgetFindings(
  writer: AlertWriter,
  prisma: RecordTransaction,
  { projectId, ruleId }: Pick<StoredRule, 'projectId' | 'ruleId'>,
): Promise<void> {
  const open = await prisma.alert.findMany({
    where: { projectId, ruleId, status: { not: 'RESOLVED' } },
    orderBy: { sequence: 'asc' },
  });
  await writer.resolveAll(open, 'RULE_CHANGED');
  await prisma.alertState.deleteMany({ where: { projectId, ruleId } });
}

/** The states of a rule ascend in time, whatever the clocks of the instances say: an evaluation knows by it which one it has read. */
export function nextInstant({ services }: Context, { updatedAt }: StoredRule): Date {
  return new Date(Math.max(services.clock.now(), updatedAt.getTime() + 1));
}
