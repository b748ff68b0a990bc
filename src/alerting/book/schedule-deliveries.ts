import { durationMs } from '../../core/time/duration.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import { membersOf, textsIn } from '../../storage/stored-values.ts';
import type { AlertChange, AlertEvent, StoredAlert } from './alert.ts';
import { type Audience, isNamed, readAudience } from './audience.ts';
import { bringForward } from './bring-forward.ts';
import { keepOrder } from './keep-order.ts';
import { earliestDelivery, type Notification } from './quiet-hours.ts';
import { sampleAlert } from './sample-alert.ts';
import { severityRank } from './severity.ts';

type Webhook = Awaited<ReturnType<PrismaTransaction['webhook']['findMany']>>[number];

interface ChangedAlerts {
  readonly alerts: readonly StoredAlert[];
  readonly event: AlertEvent;
  /**
   * Ids of the webhooks that the rule of the alerts names; empty for all. Default: as the stored
   * rules say.
   */
  readonly named?: readonly string[] | undefined;
}

/**
 * Stores the deliveries of a change of alerts, in its transaction: to the webhooks that accept such
 * an alert and that its rule notifies. It takes a few statements, however many alerts there are.
 */
export async function scheduleDeliveries(
  options: AlertChange,
  { alerts, event, named }: ChangedAlerts,
): Promise<void> {
  const { transaction, projectId } = options;
  const enabled = await transaction.webhook.findMany({ where: { projectId, enabled: true } });
  const wanted = alerts.filter((alert) => enabled.some((webhook) => wants(webhook, alert)));
  if (wanted.length === 0) return;
  const notifies: Audience =
    named === undefined
      ? await readAudience(options, wanted, event)
      : (_alert, webhookId) => isNamed(named, webhookId);
  const notified = wanted.flatMap((alert) =>
    enabled
      .filter((webhook) => wants(webhook, alert) && notifies(alert, webhook.webhookId))
      .map((webhook) => ({ alert, webhook })),
  );
  if (notified.length === 0) return;
  const data = notified.map(({ alert, webhook }) => ({
    ...deliveryOf(options, { webhookId: webhook.webhookId, alert, event }),
    scheduledAt: firstAttempt(webhook, { severity: alert.severity, event }, options.now),
  }));
  await transaction.alertDelivery.createMany({ data });
  // No event precedes RAISED.
  if (event === 'RAISED') return;
  await bringForward(options, event, notified);
  await keepOrder(transaction, { projectId, alertIds: data.map(({ alertId }) => alertId), now: options.now });
}

/** The end of quiet hours, or now plus the time that the webhook waits for a group. */
function firstAttempt(webhook: Webhook, notification: Notification, now: Date): Date {
  const allowed = earliestDelivery(webhook, notification, now);
  if (allowed > now || webhook.groupWait === null) return allowed;
  const waited = now.getTime() + (durationMs(webhook.groupWait) ?? 0);
  return earliestDelivery(webhook, notification, new Date(waited));
}

/** Stores the delivery of a sample alert to a webhook. */
export function scheduleTest(options: AlertChange, webhookId: string) {
  const alert = sampleAlert(options, webhookId);
  return options.transaction.alertDelivery.create({
    data: deliveryOf(options, { webhookId, alert, event: 'TEST' }),
  });
}

function wants({ minSeverity, types, labels }: Webhook, alert: StoredAlert): boolean {
  const wanted = textsIn(types);
  return (
    severityRank(alert.severity) >= severityRank(minSeverity) &&
    (wanted.length === 0 || wanted.includes(alert.type)) &&
    hasLabels(alert, membersOf(labels))
  );
}

function hasLabels({ labels }: StoredAlert, wanted: Readonly<Record<string, unknown>>): boolean {
  const present = membersOf(labels);
  return Object.entries(wanted).every(
    ([name, value]) => Object.hasOwn(present, name) && present[name] === value,
  );
}

interface NewDelivery {
  readonly webhookId: string;
  readonly alert: StoredAlert;
  readonly event: AlertEvent;
}

function deliveryOf({ projectId, ids, now }: AlertChange, { webhookId, alert, event }: NewDelivery) {
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

/** The payload of a delivery, in the shape that standardwebhooks.com recommends. */
function payloadOf(alert: StoredAlert, event: AlertEvent, now: Date): object {
  const { projectId, id, changeSequence, ...shown } = alert;
  return JSON.parse(
    JSON.stringify({ type: `alert.${event.toLowerCase()}`, timestamp: now, data: { ...shown, projectId } }),
  );
}
