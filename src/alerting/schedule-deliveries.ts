import type { PrismaTransaction } from '../storage/prisma.ts';
import type { AlertEvent, StoredAlert } from './alert.ts';
import type { AlertWriterOptions } from './alert-writer.ts';
import { sampleAlert } from './sample-alert.ts';
import { severityRank } from './severity.ts';

type Webhook = Awaited<ReturnType<PrismaTransaction['webhook']['findMany']>>[number];

/**
 * Stores, with the change of an alert, that its webhooks are to be told of it: those that its rule names, and all where it names none.
 * Ids of webhooks that are not there tell nobody, so a rule all of whose webhooks were deleted is silent.
 */
export async function scheduleDeliveries(
  options: AlertWriterOptions,
  alert: StoredAlert,
  event: AlertEvent,
): Promise<void> {
  const { transaction, projectId } = options;
  const enabled = await transaction.webhook.findMany({ where: { projectId, enabled: true } });
  const interested = enabled.filter((webhook) => wants(webhook, alert));
  if (interested.length === 0) return;
  const named = await webhooksOfRule(options, alert, event);
  const told = interested.filter(({ webhookId }) => named === null || named.includes(webhookId));
  if (told.length === 0) return;
  const data = told.map(({ webhookId }) => deliveryOf(options, webhookId, alert, event));
  await transaction.alertDelivery.createMany({ data });
}

/** Stores that a webhook is to be told of an alert that nobody raised. */
export function scheduleTest(options: AlertWriterOptions, webhookId: string) {
  const alert = sampleAlert(options, webhookId);
  return options.transaction.alertDelivery.create({ data: deliveryOf(options, webhookId, alert, 'TEST') });
}

function wants({ minSeverity, types }: Webhook, { severity, type }: StoredAlert): boolean {
  const wanted = types as readonly string[];
  return (
    severityRank(severity) >= severityRank(minSeverity) && (wanted.length === 0 || wanted.includes(type))
  );
}

/** Null: all. When the rule is gone: those that were told that the alert was raised. */
async function webhooksOfRule(
  { transaction, projectId }: AlertWriterOptions,
  { ruleId, alertId }: StoredAlert,
  event: AlertEvent,
): Promise<readonly string[] | null> {
  if (ruleId === null) return null;
  const rule = await transaction.alertRule.findFirst({
    where: { projectId, ruleId },
    select: { webhooks: true },
  });
  if (rule !== null) {
    const named = rule.webhooks as readonly string[];
    return named.length === 0 ? null : named;
  }
  if (event === 'RAISED') return null;
  const told = await transaction.alertDelivery.findMany({
    where: { projectId, alertId },
    distinct: ['webhookId'],
    select: { webhookId: true },
  });
  return told.map(({ webhookId }) => webhookId);
}

function deliveryOf(
  { projectId, ids, now }: AlertWriterOptions,
  webhookId: string,
  alert: StoredAlert,
  event: AlertEvent,
) {
  return {
    projectId,
    id: ids.next(),
    alertId: alert.alertId,
    webhookId,
    messageId: `msg_${ids.next()}`,
    event,
    attempt: 1,
    status: 'SCHEDULED',
    payload: payloadOf(alert, event, now),
    scheduledAt: now,
    createdAt: now,
    updatedAt: now,
  };
}

/** What receivers get, in the shape that standardwebhooks.com recommends. */
function payloadOf(alert: StoredAlert, event: AlertEvent, now: Date): object {
  const { projectId, id, changeSequence, ...shown } = alert;
  return JSON.parse(
    JSON.stringify({ type: `alert.${event.toLowerCase()}`, timestamp: now, data: { ...shown, projectId } }),
  ) as object;
}
