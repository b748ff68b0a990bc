import type { PrismaTransaction } from '../../storage/prisma.ts';
import { byEvent } from './event-order.ts';

/** Selects the deliveries to put in order. */
export interface OfAlerts {
  readonly projectId: string;
  readonly alertIds: readonly string[];
  readonly now: Date;
}

/**
 * Postpones each delivery to the time of the previous one of the same alert and webhook. Claims
 * keep the order even without this, but a postponed delivery is not due, so no claim reads it in
 * vain.
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
  const postponed = new Map<number, string[]>();
  for (const { id, alertId, webhookId, scheduledAt } of waiting.toSorted(byEvent)) {
    const key = JSON.stringify([alertId, webhookId]);
    const [due, before] = [scheduledAt.getTime(), dueBefore.get(key) ?? 0];
    dueBefore.set(key, Math.max(due, before));
    if (due < before) postponed.set(before, [...(postponed.get(before) ?? []), id]);
  }
  for (const [time, ids] of postponed) {
    await transaction.alertDelivery.updateMany({
      where: { projectId, id: { in: ids }, status: 'SCHEDULED' },
      data: { scheduledAt: new Date(time), updatedAt: now },
    });
  }
}
