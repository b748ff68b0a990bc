import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertBook } from '../../../src/alerting/book/alert-book.ts';
import {
  createEndOrphans,
  endOrphansWhenDue,
  orphansQuery,
} from '../../../src/alerting/rules/end-orphans.ts';
import { startEvaluation } from '../../domains/alerts/support/evaluation.ts';
import { EVERYBODY } from '../../domains/alerts/support/webhook.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { queryPlan } from '../../support/query-plan.ts';
import { draft, ruleRow } from '../delivery/support/worker.ts';
import { storeOpenAlerts } from './support/open-alerts.ts';

const MINUTE_MS = 60_000;

describeEachDatabase('open alerts that no rule state names', (database) => {
  let graphql: TestGraphQL;
  beforeEach(async () => {
    graphql = await startGraphQL(database);
  });
  afterEach(() => graphql[Symbol.asyncDispose]());

  const prisma = () => graphql.services.store.prisma;
  const open = async () =>
    (
      await prisma().alert.findMany({
        where: { status: { not: 'RESOLVED' } },
        orderBy: { sequence: 'asc' },
      })
    ).map(({ alertId }) => alertId);

  test('are ended by the evaluation of rules once a minute, whatever interrupted the change of the rule', async () => {
    await prisma().alertRule.create({ data: { ...ruleRow('default', 'busy'), enabled: false } });
    const evaluation = startEvaluation(graphql);
    await evaluation.turn();
    await storeOpenAlerts(graphql, 'busy', 3);
    await prisma().alertState.deleteMany({ where: { alertId: { not: 'rule:busy:2' } } });
    await evaluation.turnAfter(MINUTE_MS - 1);
    expect(await open()).toHaveLength(3);
    await evaluation.turnAfter(1);
    expect(await open()).toEqual(['rule:busy:2']);
    expect(await prisma().alert.findMany({ where: { status: 'RESOLVED' } })).toMatchObject([
      { alertId: 'rule:busy:1', resolution: 'RULE_CHANGED', resolvedBy: null },
      { alertId: 'rule:busy:3', resolution: 'RULE_CHANGED', resolvedBy: null },
    ]);
    await evaluation.stop();
  });

  test('do not include alerts of people, alerts of health, and resolved ones', async () => {
    const { alertBook, endOrphans } = graphql.services.alerting;
    await alertBook.change('default', async (writer) => {
      await writer.raise(draft('by hand', graphql.clock.now()));
      const rule = { ruleId: 'busy', labels: {}, value: 2, threshold: 1 };
      await writer.raise(draft('over', graphql.clock.now(), { rule }));
      await writer.resolve('over', 'BY_HAND', 'ada');
    });
    await endOrphans();
    expect(await open()).toEqual(['by hand']);
    expect(await prisma().alert.findMany({ where: { alertId: 'over' } })).toMatchObject([
      { resolution: 'BY_HAND' },
    ]);
  });

  test('are checked again before they end: an alert that was resolved, or that a state names again, stays', async () => {
    const { store } = graphql.services;
    const { alertBook } = graphql.services.alerting;
    await storeOpenAlerts(graphql, 'busy', 3);
    const states = await prisma().alertState.findMany({ where: { alertId: 'rule:busy:1' } });
    await prisma().alertState.deleteMany();
    const change: AlertBook['change'] = async (projectId, work) => {
      await alertBook.change(projectId, (writer) => writer.resolve('rule:busy:2', 'BY_HAND', 'ada'));
      await prisma().alertState.createMany({ data: states as never });
      return alertBook.change(projectId, work);
    };
    await createEndOrphans({ store, alertBook: { change } })();
    expect(await open()).toEqual(['rule:busy:1']);
    expect(await prisma().alert.findMany({ where: { resolution: 'BY_HAND' } })).toMatchObject([
      { alertId: 'rule:busy:2', resolvedBy: 'ada' },
    ]);
  });

  test('are left to the next run when the work is stopped', async () => {
    const { clock } = graphql.services;
    const { endOrphans } = graphql.services.alerting;
    await storeOpenAlerts(graphql, 'busy', 250);
    await prisma().alertState.deleteMany();
    const answers = [true, true, false];
    const endWhatIsLeft = endOrphansWhenDue(endOrphans, clock);
    await endWhatIsLeft(() => Promise.resolve(answers.shift() ?? false));
    expect(await open()).toHaveLength(50);
    await endWhatIsLeft(() => Promise.resolve(true));
    expect(await open()).toHaveLength(50);
    // A clock that is set back does not extend the wait.
    graphql.clock.advance(-MINUTE_MS);
    await endWhatIsLeft(() => Promise.resolve(true));
    expect(await open()).toEqual([]);
  });

  test('notify the webhooks that the rule names or named, or that it had notified before it was deleted', async () => {
    const names = ['one', 'two', 'three'];
    for (const [index, webhookId] of names.entries())
      await prisma().webhook.create({
        data: { ...EVERYBODY, id: `00000000-0000-7000-8000-00000000000${index}`, webhookId },
      });
    const { alertBook, endOrphans } = graphql.services.alerting;
    await prisma().alertRule.create({ data: ruleRow('default', 'there', ['one']) });
    await prisma().alertRule.create({ data: ruleRow('default', 'gone', ['two']) });
    await alertBook.change('default', async (writer) => {
      for (const ruleId of ['there', 'gone', 'changed'])
        await writer.raise(
          draft(ruleId, graphql.clock.now(), { rule: { ruleId, labels: {}, value: 2, threshold: 1 } }),
        );
    });
    await prisma().alertRule.deleteMany({ where: { ruleId: 'gone' } });
    await endOrphans({ rule: { projectId: 'default', ruleId: 'changed', webhooks: ['three'] } });
    await endOrphans();
    const deliveries = await prisma().alertDelivery.findMany({
      where: { event: 'RESOLVED' },
      orderBy: { id: 'asc' },
    });
    expect(deliveries.map(({ alertId, webhookId }) => `${alertId} ${webhookId}`)).toEqual([
      'changed three',
      'there one',
      'gone two',
    ]);
  });

  test('are found by indexes', async () => {
    await storeOpenAlerts(graphql, 'busy', 1000);
    await prisma().alert.updateMany({
      where: { sequence: { gt: 20 } },
      data: { status: 'RESOLVED' },
    });
    const { store } = graphql.services;
    // PostgreSQL does this by itself; SQLite does not.
    if (database.dialect === 'postgresql') await store.query.executeQuery(CompiledQuery.raw('analyze'));
    const statement = orphansQuery(store.query, undefined).compile();
    const plan = (await queryPlan(store, statement)).join('\n');
    expect(plan).toContain('alerts_project_id_status_raised_at_idx');
    expect(plan).not.toMatch(/SCAN alert\b|Seq Scan on alerts/);
  });
});
