import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { DELETE, ROTATE, secretOf, TEST, UPDATE, URL_OF_HOOK, webhooksOf } from './support/webhooks.ts';

describeEachDatabase('existing webhooks', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    const environment = { WEBHOOK_ALLOWED_ADDRESSES: '10.0.0.0/24' };
    graphql = await startGraphQL(database, { environment });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const { create, get, stored } = webhooksOf(() => graphql);

  describe('updateWebhook', () => {
    it('changes the given fields, and resets those that are null', async () => {
      await create('changed', { description: 'old', types: ['COST'], minSeverity: 'ERROR' });
      graphql.clock.advance(1000);
      const url = 'https://hooks.example.com/new';
      const change = { webhookId: 'changed', url, description: null, types: null };
      const { updateWebhook } = await graphql.data(UPDATE, { input: change });
      expect(updateWebhook.webhook).toMatchObject({
        url,
        description: null,
        types: [],
        minSeverity: 'ERROR',
        createdAt: new Date(graphql.clock.now() - 1000).toISOString(),
        updatedAt: new Date(graphql.clock.now()).toISOString(),
      });
      expect(await get('changed')).toEqual(updateWebhook.webhook);
    });

    it('changes nothing, not even the time, if all values stay the same', async () => {
      const { createWebhook } = await create('same', { types: ['COST'] });
      graphql.clock.advance(1000);
      const same = { webhookId: 'same', url: URL_OF_HOOK, types: ['COST'], enabled: true };
      const { updateWebhook } = await graphql.data(UPDATE, { input: same });
      expect(updateWebhook.webhook.updatedAt).toBe(createWebhook.webhook.updatedAt);
    });

    it('does not check again whether an unchanged url is allowed', async () => {
      await create('forbidden');
      await graphql.services.store.prisma.webhook.updateMany({
        where: { webhookId: 'forbidden' },
        data: { url: 'http://10.9.9.9/' },
      });
      const input = { webhookId: 'forbidden', enabled: false };
      const { updateWebhook } = await graphql.data(UPDATE, { input });
      expect(updateWebhook.webhook).toMatchObject({ enabled: false, url: 'http://10.9.9.9/' });
    });

    let kept = 0;
    it.each([
      ['a private address', { url: 'http://192.168.0.1/' }, 'BAD_USER_INPUT', 'input.url'],
      ['an unknown type', { types: ['MONEY'] }, 'BAD_USER_INPUT', 'input.types'],
      ['one end of quiet hours', { quietUntil: '07:00' }, 'BAD_USER_INPUT', 'input.quietUntil'],
      ['no url', { url: null }, 'BAD_USER_INPUT', 'input.url'],
    ])('refuses %s', async (_case, fields, code, argument) => {
      const webhookId = `kept-${kept++}`;
      await create(webhookId);
      const before = await get(webhookId);
      const { errors } = await graphql.run(UPDATE, { input: { webhookId, ...fields } });
      expect(errors).toMatchObject([{ extensions: { code, argument } }]);
      expect(await get(webhookId)).toEqual(before);
    });
  });

  it('get another secret from rotateWebhookSecret, made by the server or given by the client', async () => {
    const { createWebhook } = await create('rotated');
    const { rotateWebhookSecret: first } = await graphql.data(ROTATE, { input: { webhookId: 'rotated' } });
    expect(first.secret).toMatch(/^whsec_/);
    expect(first.secret).not.toBe(createWebhook.secret);
    const until = new Date(graphql.clock.now() + 24 * 60 * 60 * 1000);
    const before = { previousSecret: createWebhook.secret, previousSecretUntil: until };
    expect(await stored('rotated')).toMatchObject({ secret: first.secret, ...before });
    // Sending the same secret again changes nothing.
    await graphql.data(ROTATE, { input: { webhookId: 'rotated', secret: first.secret } });
    expect(await stored('rotated')).toMatchObject({ secret: first.secret, ...before });
    const secret = secretOf(64);
    await graphql.data(ROTATE, { input: { webhookId: 'rotated', secret } });
    expect((await stored('rotated')).secret).toBe(secret);
    const { errors } = await graphql.run(ROTATE, { input: { webhookId: 'rotated', secret: 'guess-me' } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'input.secret' } }]);
    expect((await stored('rotated')).secret).toBe(secret);
  });

  it('are deleted, and returned as they were', async () => {
    await create('gone', { description: 'short-lived' });
    const before = await get('gone');
    expect(await graphql.data(DELETE, { input: { webhookId: 'gone' } })).toEqual({
      deleteWebhook: { webhook: before },
    });
    expect(await get('gone')).toBeNull();
    expect((await create('gone')).createWebhook.webhook.description).toBeNull();
  });

  it.each([
    ['updateWebhook', UPDATE, { enabled: false }],
    ['deleteWebhook', DELETE, {}],
    ['rotateWebhookSecret', ROTATE, {}],
    ['sendTestAlert', TEST, {}],
  ])('are NOT_FOUND by %s if they do not exist', async (_mutation, document, fields) => {
    const { errors } = await graphql.run(document, { input: { webhookId: 'nothing', ...fields } });
    expect(errors).toMatchObject([
      {
        message: 'There is no webhook "nothing".',
        extensions: { code: 'NOT_FOUND', argument: 'input.webhookId' },
      },
    ]);
  });

  describe('sendTestAlert', () => {
    it('sends an alert that is not stored to a webhook', async () => {
      await create('tried', { minSeverity: 'CRITICAL', types: ['COST'] });
      const { sendTestAlert } = await graphql.data(TEST, { input: { webhookId: 'tried' } });
      const { alertId } = sendTestAlert.delivery;
      expect(sendTestAlert.delivery).toMatchObject({
        webhookId: 'tried',
        event: 'TEST',
        attempt: 1,
        status: 'SCHEDULED',
        payload: {
          type: 'alert.test',
          data: { alertId, severity: 'INFO', title: 'Test of the webhook "tried"', projectId: 'default' },
        },
        alert: null,
        webhook: { url: URL_OF_HOOK },
      });
      const { alerts, webhook } = await graphql.data(
        `query ($webhookId: String!) {
          alerts { totalCount }
          webhook(webhookId: $webhookId) { deliveries(first: 1) { totalCount nodes { id } } }
        }`,
        { webhookId: 'tried' },
      );
      expect(alerts.totalCount).toBe(0);
      expect(webhook.deliveries).toEqual({ totalCount: 1, nodes: [{ id: sendTestAlert.delivery.id }] });
    });

    it('has the shape of a real one', async () => {
      await create('shaped');
      const { services } = graphql;
      await services.alerting.alertBook.change('default', (writer) =>
        writer.raise({
          alertId: 'real',
          type: 'COST',
          severity: 'INFO',
          title: 'Real',
          message: null,
          source: null,
          metadata: null,
          raisedAt: new Date(NOW),
        }),
      );
      await graphql.data(TEST, { input: { webhookId: 'shaped' } });
      const rows = await services.store.prisma.alertDelivery.findMany({ where: { webhookId: 'shaped' } });
      const shapes = rows.map(({ payload }) => Object.keys((payload as { data: object }).data).sort());
      expect(shapes).toHaveLength(2);
      expect(shapes[0]).toEqual(shapes[1]);
      const { alert } = await graphql.data(
        `{ alert: alerts(filter: { alertId: { eq: "real" } }) { nodes { deliveries(filter: { webhookId: { eq: "shaped" } }) { nodes { event alert { title } } } } } }`,
      );
      expect(alert.nodes).toEqual([
        { deliveries: { nodes: [{ event: 'RAISED', alert: { title: 'Real' } }] } },
      ]);
    });

    it('is a CONFLICT for a webhook that is disabled', async () => {
      await create('off', { enabled: false });
      const { errors } = await graphql.run(TEST, { input: { webhookId: 'off' } });
      expect(errors).toMatchObject([
        {
          message: 'The webhook "off" is disabled: enable it first.',
          extensions: { code: 'CONFLICT', argument: 'input.webhookId' },
        },
      ]);
    });
  });
});
