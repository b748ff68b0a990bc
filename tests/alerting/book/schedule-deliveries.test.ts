import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { AlertDraft } from '../../../src/alerting/book/alert.ts';
import type { AlertWriter } from '../../../src/alerting/book/alert-writer.ts';
import { scheduleDeliveries } from '../../../src/alerting/book/schedule-deliveries.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { draft, ruleRow } from '../delivery/support/worker.ts';

const HOUR_MS = 3_600_000;
const CREATE = 'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret } }';

describeEachDatabase('the deliveries that a change of alerts plans', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  /** Each test has its own project. */
  function inProject(projectId: string) {
    const { store } = graphql.services;
    const { alertBook } = graphql.services.alerting;
    return {
      async addWebhook(webhookId: string, fields: object = {}) {
        const input = { webhookId, url: `https://hooks.example.com/${webhookId}`, ...fields };
        await graphql.data(CREATE, { input }, projectId);
      },
      async addRule(ruleId: string, webhooks: readonly string[]) {
        await store.prisma.alertRule.create({ data: ruleRow(projectId, ruleId, webhooks) });
      },
      change: (work: (writer: AlertWriter) => Promise<unknown>) => alertBook.change(projectId, work),
      raise: (alertId: string, fields?: Partial<AlertDraft>) =>
        alertBook.change(projectId, (writer) => writer.raise(draft(alertId, graphql.clock.now(), fields))),
      async deliveries() {
        const rows = await store.prisma.alertDelivery.findMany({
          where: { projectId },
          orderBy: { id: 'asc' },
        });
        return rows.map(({ event, webhookId }) => `${event} ${webhookId}`);
      },
    };
  }

  it('are one for each step of an alert, with the alert as it was at that step', async () => {
    const { addWebhook, change, raise, deliveries } = inProject('steps');
    await addWebhook('on-call');
    await raise('a-1');
    // An alert that is sent again is the same alert.
    await raise('a-1');
    await change(async (writer) => writer.remind((await writer.find('a-1'))!));
    await change((writer) => writer.acknowledge('a-1', 'ada'));
    await change((writer) => writer.resolve('a-1', 'BY_HAND', 'ada'));
    expect(await deliveries()).toEqual(
      ['RAISED', 'REMINDED', 'ACKNOWLEDGED', 'RESOLVED'].map((event) => `${event} on-call`),
    );
    const rows = await graphql.services.store.prisma.alertDelivery.findMany({
      where: { projectId: 'steps' },
      orderBy: { id: 'asc' },
    });
    expect(rows.map(({ payload }) => payload)).toMatchObject([
      {
        type: 'alert.raised',
        timestamp: NOW,
        data: { alertId: 'a-1', status: 'OPEN', acknowledgedBy: null },
      },
      { type: 'alert.reminded', data: { status: 'OPEN' } },
      { type: 'alert.acknowledged', data: { status: 'ACKNOWLEDGED', acknowledgedBy: 'ada' } },
      { type: 'alert.resolved', data: { status: 'RESOLVED', resolution: 'BY_HAND', resolvedBy: 'ada' } },
    ]);
    expect(new Set(rows.map(({ messageId }) => messageId)).size).toBe(4);
    expect(rows).toEqual(
      rows.map(() =>
        expect.objectContaining({ status: 'SCHEDULED', attempt: 1, scheduledAt: new Date(NOW) }),
      ),
    );
  });

  it('are none for a change that failed', async () => {
    const { addWebhook, change, raise, deliveries } = inProject('failed');
    await addWebhook('on-call');
    await raise('a-1');
    const failed = change(async (writer) => {
      await writer.acknowledge('a-1', 'ada');
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await deliveries()).toEqual(['RAISED on-call']);
  });

  it.each([
    [{}, ['INFO COST', 'WARNING COST', 'CRITICAL AGENT']],
    [{ minSeverity: 'WARNING' }, ['WARNING COST', 'CRITICAL AGENT']],
    [{ minSeverity: 'CRITICAL' }, ['CRITICAL AGENT']],
    [{ types: ['COST'] }, ['INFO COST', 'WARNING COST']],
    [{ types: ['AGENT', 'COST'], minSeverity: 'ERROR' }, ['CRITICAL AGENT']],
    [{ types: ['TASK'] }, []],
    [{ enabled: false }, []],
  ])('match the settings of the webhook: %j', async (fields, expected) => {
    const projectId = `wants ${JSON.stringify(fields)}`;
    const { addWebhook, raise } = inProject(projectId);
    await addWebhook('on-call', fields);
    for (const alert of ['INFO COST', 'WARNING COST', 'CRITICAL AGENT']) {
      const [severity = '', type = ''] = alert.split(' ');
      await raise(alert, { severity, type });
    }
    const rows = await graphql.services.store.prisma.alertDelivery.findMany({
      where: { projectId },
      orderBy: { id: 'asc' },
    });
    expect(rows.map(({ alertId }) => alertId)).toEqual(expected);
  });

  describe('when they are routed by labels', () => {
    it.each([
      [{}, ['u-7', 'u-8', 'nobody', 'more', 'none']],
      [{ endUser: 'u-7' }, ['u-7', 'more']],
      [{ endUser: 'u-7', success: false }, ['more']],
      [{ endUser: null }, ['nobody']],
      [{ toString: 'u-7' }, []],
    ])('are created for alerts that have all of %j', async (labels, expected) => {
      const projectId = `labels ${JSON.stringify(labels)}`;
      const { addWebhook, addRule, raise } = inProject(projectId);
      await addWebhook('on-call', { labels });
      await addRule('slow', []);
      const alertLabels = {
        'u-7': { endUser: 'u-7' },
        'u-8': { endUser: 'u-8' },
        nobody: { endUser: null },
        more: { endUser: 'u-7', success: false },
      };
      for (const [alertId, ofAlert] of Object.entries(alertLabels)) {
        await raise(alertId, { rule: { ruleId: 'slow', labels: ofAlert, value: 2, threshold: 1 } });
      }
      await raise('none');
      const rows = await graphql.services.store.prisma.alertDelivery.findMany({
        where: { projectId },
        orderBy: { id: 'asc' },
      });
      expect(rows.map(({ alertId }) => alertId)).toEqual(expected);
    });
  });

  it('wait for the end of quiet hours, unless the alert is CRITICAL', async () => {
    // NOW is within the quiet hours in Berlin time, but not in UTC.
    const local = new Date(Date.parse(NOW) + HOUR_MS).toISOString().slice(11, 16);
    const until = new Date(Date.parse(NOW) + 3 * HOUR_MS).toISOString().slice(11, 16);
    const { addWebhook, raise, change } = inProject('quiet');
    await addWebhook('asleep', { quietFrom: local, quietUntil: until, quietTimeZone: 'Europe/Berlin' });
    await addWebhook('awake', { quietFrom: local, quietUntil: until });
    await raise('mild', { severity: 'ERROR' });
    await raise('worst', { severity: 'CRITICAL' });
    await change((writer) => writer.test('asleep'));
    const rows = await graphql.services.store.prisma.alertDelivery.findMany({
      where: { projectId: 'quiet' },
      orderBy: [{ webhookId: 'asc' }, { id: 'asc' }],
    });
    const hours = rows.map(({ webhookId, event, alertId, scheduledAt }) => {
      const after = (scheduledAt.getTime() - Date.parse(NOW)) / HOUR_MS;
      return `${webhookId} ${event === 'TEST' ? event : alertId} ${after}`;
    });
    expect(hours).toEqual([
      'asleep mild 2',
      'asleep worst 0',
      'asleep TEST 0',
      'awake mild 0',
      'awake worst 0',
    ]);
  });

  describe('for the alerts of a rule', () => {
    const ofRule = (ruleId: string) => ({ rule: { ruleId, labels: {}, value: 2, threshold: 1 } });

    it.each([
      ['all, when it names none', [], ['RAISED one', 'RAISED two']],
      ['those that it names', ['two'], ['RAISED two']],
      ['those that are there, of those that it names', ['two', 'gone'], ['RAISED two']],
      ['nobody, when all that it names are gone', ['gone'], []],
    ])('go to %s', async (name, webhooks, expected) => {
      const { addWebhook, addRule, raise, deliveries } = inProject(name);
      await addWebhook('one');
      await addWebhook('two');
      await addRule('slow', webhooks);
      await raise('a-1', ofRule('slow'));
      expect(await deliveries()).toEqual(expected);
    });

    it('go to the webhooks that were notified before, when the rule is deleted', async () => {
      const { addWebhook, addRule, raise, change, deliveries } = inProject('rule gone');
      await addWebhook('one');
      await addWebhook('two');
      await addRule('slow', ['two']);
      await raise('a-1', ofRule('slow'));
      await graphql.services.store.prisma.alertRule.deleteMany({ where: { projectId: 'rule gone' } });
      await change((writer) => writer.resolve('a-1', 'RULE_CHANGED', null));
      expect(await deliveries()).toEqual(['RAISED two', 'RESOLVED two']);
    });
  });

  it('stay within the project', async () => {
    await inProject('ours').addWebhook('on-call');
    await inProject('theirs').addWebhook('on-call');
    await inProject('ours').raise('a-1');
    expect(await inProject('ours').deliveries()).toEqual(['RAISED on-call']);
    expect(await inProject('theirs').deliveries()).toEqual([]);
  });

  test('cost one statement when no webhook is to be notified', async () => {
    const { store, ids } = graphql.services;
    const { addWebhook, addRule, raise } = inProject('nobody');
    await addRule('slow', []);
    const { alert } = await raise('a-1', {
      rule: { ruleId: 'slow', labels: {}, value: 2, threshold: 1 },
    });
    /** The tables that are read. */
    const asked = async () => {
      const tables: string[] = [];
      await store.transact('nobody', (transaction) => {
        const watched = new Proxy(transaction, {
          get(target, name) {
            tables.push(String(name));
            return Reflect.get(target, name);
          },
        });
        const options = { transaction: watched, projectId: 'nobody', ids, now: new Date(NOW) };
        return scheduleDeliveries(options, { alerts: [alert], event: 'REMINDED' });
      });
      return tables;
    };
    expect(await asked()).toEqual(['webhook']);
    await addWebhook('only-agents', { types: ['AGENT'] });
    expect(await asked()).toEqual(['webhook']);
    // One statement stores the deliveries to both webhooks, and another reads the deliveries before
    // them.
    await addWebhook('one');
    await addWebhook('two');
    expect(await asked()).toEqual(['webhook', 'alertRule', 'alertDelivery', 'alertDelivery']);
  });
});
