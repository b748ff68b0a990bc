/** A delivery as far as it matters how many are made at the same time. */
export interface Addressed {
  readonly projectId: string;
  readonly webhookId: string;
}

/** How many deliveries are made at the same time. */
export interface Limits {
  readonly total: number;
  /** Of one webhook: a receiver that does not answer holds up no more than these. */
  readonly perWebhook: number;
}

/**
 * Those that may begin beside those that are under way; of deliveries in the order in which they
 * are due.
 */
export function choose<Delivery extends Addressed>(
  due: readonly Delivery[],
  underWay: readonly Addressed[],
  { total, perWebhook }: Limits,
): Delivery[] {
  const counts = countEach(underWay);
  const chosen: Delivery[] = [];
  for (const delivery of due) {
    if (underWay.length + chosen.length >= total) break;
    const count = counts.get(keyOf(delivery))?.count ?? 0;
    if (count >= perWebhook) continue;
    counts.set(keyOf(delivery), { webhook: delivery, count: count + 1 });
    chosen.push(delivery);
  }
  return chosen;
}

/** Webhooks of which no more deliveries may begin. */
export function fullWebhooks(underWay: readonly Addressed[], { perWebhook }: Limits): Addressed[] {
  return [...countEach(underWay).values()]
    .filter(({ count }) => count >= perWebhook)
    .map(({ webhook: { projectId, webhookId } }) => ({ projectId, webhookId }));
}

function countEach(deliveries: readonly Addressed[]): Map<string, { webhook: Addressed; count: number }> {
  const counts = new Map<string, { webhook: Addressed; count: number }>();
  for (const webhook of deliveries) {
    const count = counts.get(keyOf(webhook))?.count ?? 0;
    counts.set(keyOf(webhook), { webhook, count: count + 1 });
  }
  return counts;
}

const keyOf = ({ projectId, webhookId }: Addressed): string => JSON.stringify([projectId, webhookId]);
