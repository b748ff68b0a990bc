import type { AlertChange, StoredAlert } from './alert.ts';

/** The alert that a test of a webhook sends. It is not stored. */
export function sampleAlert(
  { projectId, ids, now }: Pick<AlertChange, 'projectId' | 'ids' | 'now'>,
  webhookId: string,
): StoredAlert {
  const id = ids.next();
  return {
    projectId,
    id,
    alertId: `test-${id}`,
    sequence: 0,
    changeSequence: null,
    type: 'SYSTEM',
    severity: 'INFO',
    status: 'OPEN',
    title: `Test of the webhook "${webhookId}"`,
    message: 'Nothing happened: this is a test of whether alerts arrive.',
    source: 'sendTestAlert',
    metadata: null,
    ruleId: null,
    labels: null,
    value: null,
    threshold: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    resolvedBy: null,
    resolvedAt: null,
    resolution: null,
    raisedAt: now,
    updatedAt: now,
  };
}
