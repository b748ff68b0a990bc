const SECOND_MS = 1_000;

export interface Due {
  readonly webhookId: string;
  readonly count: number;
  readonly seconds: number;
}

/**
 * Stores this many due deliveries, a second apart, of which the first has been due for `seconds`.
 */
export function dueDeliveries({ webhookId, count, seconds }: Due, now: number) {
  return Array.from({ length: count }, (_, index) => ({
    projectId: 'default',
    id: crypto.randomUUID(),
    alertId: `${webhookId}-${index}`,
    webhookId,
    messageId: `msg_${webhookId}_${index}`,
    event: 'RAISED',
    attempt: 1,
    status: 'SCHEDULED',
    payload: {},
    scheduledAt: new Date(now - (seconds - index) * SECOND_MS),
    createdAt: new Date(now),
    updatedAt: new Date(now),
  }));
}
