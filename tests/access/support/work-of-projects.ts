import { createOutbox } from '../../../src/alerting/delivery/outbox.ts';
import { startEvaluation } from '../../domains/alerts/support/evaluation.ts';
import type { TestGraphQL } from '../../support/graphql.ts';

/** A message to a webhook: its address, and the project and the alert that it is about. */
export interface Sent {
  readonly url: string;
  readonly projectId: string;
  readonly title: string;
}

const ARRIVED = { startedAt: 0, durationMs: 1, statusCode: 204, error: null, responseBody: null };

/** Evaluates the rules of all projects once. */
export async function evaluateRules(graphql: TestGraphQL): Promise<void> {
  const evaluation = startEvaluation(graphql);
  await evaluation.turn();
  await evaluation.stop();
}

/** Makes the due deliveries of all projects, and returns them as they were sent. */
export async function deliverAll({ services }: TestGraphQL): Promise<Sent[]> {
  const limits = { total: 100, perWebhook: 100 };
  const outbox = createOutbox({ ...services, limits, random: () => 0 });
  const sent: Sent[] = [];
  for (;;) {
    const claimed = await outbox.claim([]);
    if (claimed.length === 0) return sent;
    for (const { deliveries, endpoint } of claimed) {
      const { data } = deliveries[0].payload as unknown as { readonly data: Omit<Sent, 'url'> };
      sent.push({ url: endpoint.url, projectId: data.projectId, title: data.title });
      await outbox.record(deliveries, { ...ARRIVED, final: true, retryAfterMs: null });
    }
  }
}
