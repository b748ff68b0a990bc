import { MINUTE_MS } from '../../core/time/units.ts';
import type { AlertChange, AlertEvent, StoredDelivery } from './alert.ts';
import { byEvent } from './event-order.ts';
import { earliestDelivery, type QuietHours } from './quiet-hours.ts';
import { retryWaitMs } from './retry-waits.ts';

/** An event that was just stored for a webhook. */
export interface Notified {
  readonly alert: { readonly alertId: string; readonly severity: string };
  readonly webhook: QuietHours & { readonly webhookId: string };
}

/**
 * The events that must not wait for hours. They happen once per alert. A reminder may come every
 * few minutes, so it would use up all attempts.
 */
const URGENT: readonly AlertEvent[] = ['ACKNOWLEDGED', 'RESOLVED'];

/** The minimum pause of a receiver after a failed attempt. */
const SHORTEST_WAIT_MS = MINUTE_MS;

/**
 * When an alert is acknowledged or resolved, brings forward the retry that this event waits for.
 * Otherwise the event could wait for up to 12 hours.
 *
 * A dead receiver gets no additional attempts, because they count as before. At most two attempts
 * per alert happen earlier, and none within a minute of the previous attempt. So an alert that
 * flaps cannot cause many. Quiet hours still apply, and so does a `Retry-After` beyond our own
 * longest wait.
 */
export async function bringForward(
  { transaction, projectId, now }: AlertChange,
  event: AlertEvent,
  notified: readonly Notified[],
): Promise<void> {
  if (!URGENT.includes(event)) return;
  const waiting: readonly Waiting[] = await transaction.alertDelivery.findMany({
    where: { projectId, alertId: { in: notified.map(({ alert }) => alert.alertId) }, status: 'SCHEDULED' },
    select: {
      ...{ id: true, alertId: true, webhookId: true, event: true, messageId: true },
      ...{ attempt: true, scheduledAt: true, createdAt: true },
    },
  });
  const chains = new Map<string, Waiting[]>();
  for (const one of waiting.toSorted(byEvent)) {
    chains.set(keyOf(one), [...(chains.get(keyOf(one)) ?? []), one]);
  }
  const sooner = new Map<number, string[]>();
  for (const { alert, webhook } of notified) {
    const chain = chains.get(keyOf({ alertId: alert.alertId, webhookId: webhook.webhookId })) ?? [];
    const [first] = chain;
    const time = first === undefined ? null : earlierTime(first, webhook, { severity: alert.severity, now });
    if (first === undefined || time === null) continue;
    // Deliveries with the same time were sent in one message with it, or wait for it.
    const [was, at] = [first.scheduledAt.getTime(), time.getTime()];
    const ids = chain.filter(({ scheduledAt }) => scheduledAt.getTime() === was).map(({ id }) => id);
    sooner.set(at, [...(sooner.get(at) ?? []), ...ids]);
  }
  for (const [time, ids] of sooner) {
    await transaction.alertDelivery.updateMany({
      where: { projectId, id: { in: ids }, status: 'SCHEDULED' },
      data: { scheduledAt: new Date(time), updatedAt: now },
    });
  }
}

type Waiting = Pick<
  StoredDelivery,
  'id' | 'alertId' | 'webhookId' | 'event' | 'messageId' | 'attempt' | 'scheduledAt' | 'createdAt'
>;

/**
 * When to try again instead of at `scheduledAt`; null to keep that time, or if this is not a retry.
 */
function earlierTime(
  { event, attempt, scheduledAt, createdAt }: Waiting,
  hours: QuietHours,
  { severity, now }: { readonly severity: string; readonly now: Date },
): Date | null {
  if (attempt === 1) return null;
  // A retry is stored when the previous attempt has failed.
  const rested = createdAt.getTime() + SHORTEST_WAIT_MS;
  const notification = { severity, event };
  const longest = createdAt.getTime() + Math.ceil(retryWaitMs(attempt - 1, 1) ?? 0);
  const asked = scheduledAt > earliestDelivery(hours, notification, new Date(longest));
  const time = earliestDelivery(hours, notification, new Date(Math.max(now.getTime(), rested)));
  return asked || time >= scheduledAt ? null : time;
}

const keyOf = ({ alertId, webhookId }: { readonly alertId: string; readonly webhookId: string }): string =>
  JSON.stringify([alertId, webhookId]);
