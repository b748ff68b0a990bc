import { DEFAULT_PROJECT } from '../../access/projects.ts';
import { raisePast } from '../../alerting/rules/raise-past.ts';
import { readSlosOf } from '../../alerting/rules/slos-of-rules.ts';
import type { App } from '../../app.ts';
import type { Interval } from '../../core/time/range.ts';
import { MINUTE_MS } from '../../core/time/units.ts';
import { CHAT_SLO, LIVE_RULES, MONTH_RULES } from './alert-rules.ts';
import { type Ask, createAsk } from './ask.ts';

const CREATE_SLO = 'mutation ($input: CreateSloInput!) { createSlo(input: $input) { slo { id } } }';
const CREATE = 'mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) { rule { id } } }';

/**
 * Creates the demo's SLO and its alert rules, unless there are rules already, and raises the alerts
 * that the rules would have raised during the month, the incident included. From then on the server
 * evaluates the rules itself.
 *
 * @throws Error when the API rejects a rule, because the demo does not fit the schema.
 */
export async function fillAlerts(app: Pick<App, 'fetch' | 'services'>, month: Interval): Promise<void> {
  const { store, ids, alerting } = app.services;
  if ((await countRules(createAsk(app))) > 0) return;
  await createAsk(app)(CREATE_SLO, { input: CHAT_SLO });
  for (const input of [...MONTH_RULES, ...LIVE_RULES]) await createAsk(app)(CREATE, { input });
  const ruleId = { in: MONTH_RULES.map((rule) => rule.ruleId) };
  const stored = await store.prisma.alertRule.findMany({ where: { projectId: DEFAULT_PROJECT, ruleId } });
  // Somebody acknowledges critical alerts after a while.
  const sloOf = await readSlosOf(store.prisma, stored);
  const rules = stored.map((rule) => alerting.toRule(rule, sloOf(rule)));
  await raisePast({ ...alerting, ids }, rules, {
    range: month,
    takenBy: (severity) =>
      severity === 'CRITICAL' ? { name: 'mei@acme.example', afterMs: 4 * MINUTE_MS } : null,
  });
}

async function countRules(ask: Ask): Promise<number> {
  const { alertRules } = await ask<{ alertRules: { totalCount: number } }>(
    '{ alertRules(first: 1) { totalCount } }',
  );
  return alertRules.totalCount;
}
