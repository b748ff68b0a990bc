import type { PrismaTransaction } from '../../storage/prisma.ts';
import { byEvent } from './event-order.ts';

/** The deliveries of these alerts. */
export interface OfAlerts {
  readonly projectId: string;
  readonly alertIds: readonly string[];
  readonly now: Date;
}

/**
 * Puts a delivery off until the one before it, of the same alert and webhook, is due. Whoever takes
 * deliveries holds a later one back in any case; put off, it is not looked at every time.
 */
export async function keepOrder(
  transaction: PrismaTransaction,
  { projectId, alertIds, now }: OfAlerts,
): Promise<void> {
  const waiting = await transaction.alertDelivery.findMany({
    where: { projectId, alertId: { in: [...new Set(alertIds)] }, status: 'SCHEDULED' },
    select: { id: true, alertId: true, webhookId: true, event: true, messageId: true, scheduledAt: true },
  });
  const dueBefore = new Map<string, number>();
  const putOff = new Map<number, string[]>();
  for (const { id, alertId, webhookId, scheduledAt } of waiting.toSorted(byEvent)) {
    const key = JSON.stringify([alertId, webhookId]);
    const [due, before] = [scheduledAt.getTime(), dueBefore.get(key) ?? 0];
    dueBefore.set(key, Math.max(due, before));
    if (due < before) putOff.set(before, [...(putOff.get(before) ?? []), id]);
  }
  for (const [time, ids] of putOff) {
    await transaction.alertDelivery.updateMany({
      where: { projectId, id: { in: ids }, status: 'SCHEDULED' },
      data: { scheduledAt: new Date(time), updatedAt: now },
    });
  }
}
