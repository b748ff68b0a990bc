import { expect, test } from 'vitest';
import type { AlertBook } from '../../../src/alerting/book/alert-book.ts';
import { createEndOrphans } from '../../../src/alerting/rules/end-orphans.ts';
import { storeOpenAlerts } from '../../alerting/rules/support/open-alerts.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { alert } from '../../support/events.ts';
import { startGraphQL } from '../../support/graphql.ts';
import { alertRulesOf, type RuleMutation } from './support/alert-rules.ts';
import { execute } from './support/alerts.ts';
import { EVERYBODY } from './support/webhook.ts';

/** Enough for several batches. */
const MANY = 300;
const RULE = {
  ruleId: 'busy',
  name: 'Many calls',
  dataset: 'llmCalls',
  aggregate: 'COUNT',
  groupBy: ['provider'],
  comparator: 'GT',
  warning: 2,
  window: 'PT1M',
};

describeEachDatabase('a rule with many open alerts', (database) => {
  test.each<[RuleMutation, object]>([
    ['deleteAlertRule', {}],
    ['enableAlertRule', { enabled: false }],
  ])('%s ends them all, and others raise alerts in between', async (mutation, fields) => {
    let raised = 0;
    await using graphql = await startGraphQL(database, {
      replace({ store, alerting }) {
        /** Other work gets a turn after each batch. */
        const change: AlertBook['change'] = async (projectId, work) => {
          const value = await alerting.alertBook.change(projectId, work);
          const { errors } = await execute(graphql.run, 'raiseAlert', alert(`other-${++raised}`));
          expect(errors).toBeUndefined();
          return value;
        };
        const endOrphans = createEndOrphans({ store, alertBook: { change } });
        return { alerting: { ...alerting, endOrphans } };
      },
    });
    const { prisma } = graphql.services.store;
    const rules = alertRulesOf(graphql.run);
    await rules.change('createAlertRule', RULE);
    await storeOpenAlerts(graphql, 'busy', MANY);
    await prisma.webhook.create({ data: EVERYBODY });
    await rules.change(mutation, { ruleId: 'busy', ...fields });

    expect(raised).toBe(MANY / 100);
    const ended = await prisma.alert.findMany({ where: { ruleId: 'busy' }, orderBy: { sequence: 'asc' } });
    expect(new Set(ended.map(({ status, resolution }) => `${status} ${resolution}`))).toEqual(
      new Set(['RESOLVED RULE_CHANGED']),
    );
    expect(await prisma.alertState.count()).toBe(0);
    // Positions ascend in the order of the alerts, and none is used twice, not even for alerts that
    // were raised in between.
    const others = await prisma.alert.findMany({ where: { ruleId: null } });
    const positions = ended.map(({ changeSequence }) => Number(changeSequence));
    expect(positions).toEqual(positions.toSorted((one, other) => one - other));
    expect(new Set([...positions, ...others.map(({ sequence }) => sequence)]).size).toBe(MANY + raised);
    const deliveries = await prisma.alertDelivery.findMany({
      where: { event: 'RESOLVED' },
      select: { alertId: true },
    });
    expect(deliveries.map(({ alertId }) => alertId).sort()).toEqual(
      ended.map(({ alertId }) => alertId).sort(),
    );
  });
});
