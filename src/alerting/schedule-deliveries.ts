import type { AlertEvent, StoredAlert } from './alert.ts';
import type { AlertWriterOptions } from './alert-writer.ts';
import { severityRank } from './severity.ts';

/** Stores, with the change of an alert, that its webhooks are to be told of it. */
export async function scheduleDeliveries(
  { transaction, projectId, ids, now }: AlertWriterOptions,
  alert: StoredAlert,
  event: AlertEvent,
): Promise<void> {
  const enabled = await transaction.webhook.findMany({ where: { projectId, enabled: true } });
  const wanted = await webhooksOfRule({ transaction, projectId }, alert);
  const told = enabled.filter(
    ({ webhookId, minSeverity, types }) =>
      (wanted.length === 0 || wanted.includes(webhookId)) &&
      severityRank(alert.severity) >= severityRank(minSeverity) &&
      ((types as string[]).length === 0 || (types as string[]).includes(alert.type)),
  );
  if (told.length === 0) return;
  const payload = payloadOf(alert, event, now);
  await transaction.alertDelivery.createMany({
    data: told.map(({ webhookId }) => ({
      projectId,
      id: ids.next(),
      alertId: alert.alertId,
      webhookId,
      messageId: `msg_${ids.next()}`,
      event,
      attempt: 1,
      status: 'SCHEDULED',
      payload,
      scheduledAt: now,
      createdAt: now,
      updatedAt: now,
    })),
  });
}

/** Empty: all. */
async function webhooksOfRule(
  { transaction, projectId }: Pick<AlertWriterOptions, 'transaction' | 'projectId'>,
  { ruleId }: StoredAlert,
): Promise<readonly string[]> {
  if (ruleId === null) return [];
  const rule = await transaction.alertRule.findFirst({
    where: { projectId, ruleId },
    select: { webhooks: true },
  });
  return (rule?.webhooks ?? []) as string[];
}

/** What receivers get, in the shape that standardwebhooks.com recommends. */
function payloadOf(alert: StoredAlert, event: AlertEvent, now: Date): object {
  const { projectId, id, changeSequence, ...shown } = alert;
  return JSON.parse(
    JSON.stringify({ type: `alert.${event.toLowerCase()}`, timestamp: now, data: { ...shown, projectId } }),
  ) as object;
}
