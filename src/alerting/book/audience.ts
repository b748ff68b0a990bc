import { textsIn } from '../../storage/stored-values.ts';
import type { AlertChange, AlertEvent, StoredAlert } from './alert.ts';

/** Whether the rule of an alert permits notifying a webhook. */
export type Audience = (alert: StoredAlert, webhookId: string) => boolean;

/**
 * The webhooks that the rules of these alerts notify: the ones that a rule names, or all if it
 * names none. If the rule was deleted, the webhooks that were notified of the alert before. Ids of
 * deleted webhooks notify nobody, so a rule whose webhooks were all deleted is silent.
 */
export async function readAudience(
  options: AlertChange,
  alerts: readonly StoredAlert[],
  event: AlertEvent,
): Promise<Audience> {
  const named = await readNamed(options, alerts);
  const abandoned = alerts.filter(({ ruleId }) => ruleId !== null && !named.has(ruleId));
  const notified = event === 'RAISED' ? null : await readNotified(options, abandoned);
  return ({ ruleId, alertId }, webhookId) => {
    if (ruleId === null) return true;
    const ofRule = named.get(ruleId);
    if (ofRule !== undefined) return isNamed(ofRule, webhookId);
    return notified === null || notified.has(keyOf(alertId, webhookId));
  };
}

/** @param named ids of webhooks; empty for all */
export const isNamed = (named: readonly string[], webhookId: string): boolean =>
  named.length === 0 || named.includes(webhookId);

/** The webhooks that rules name, by rule id. Deleted rules are missing. */
async function readNamed(
  { transaction, projectId }: AlertChange,
  alerts: readonly StoredAlert[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ruleIds = new Set(alerts.flatMap(({ ruleId }) => (ruleId === null ? [] : [ruleId])));
  if (ruleIds.size === 0) return new Map();
  const rules = await transaction.alertRule.findMany({
    where: { projectId, ruleId: { in: [...ruleIds] } },
    select: { ruleId: true, webhooks: true },
  });
  return new Map(rules.map(({ ruleId, webhooks }) => [ruleId, textsIn(webhooks)]));
}

/** Which webhooks were notified of which alerts. */
async function readNotified(
  { transaction, projectId }: AlertChange,
  alerts: readonly StoredAlert[],
): Promise<ReadonlySet<string>> {
  if (alerts.length === 0) return new Set();
  const notified = await transaction.alertDelivery.findMany({
    where: { projectId, alertId: { in: alerts.map(({ alertId }) => alertId) } },
    distinct: ['alertId', 'webhookId'],
    select: { alertId: true, webhookId: true },
  });
  return new Set(notified.map(({ alertId, webhookId }) => keyOf(alertId, webhookId)));
}

const keyOf = (alertId: string, webhookId: string): string => JSON.stringify([alertId, webhookId]);
