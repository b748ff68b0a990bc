import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW } from '../../support/graphql.ts';
import { startReceiver, verified } from './support/receiver.ts';
import { startWorker } from './support/worker.ts';

const SECOND_MS = 1000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;

describeEachDatabase('deliveries to a webhook that changes before they are sent', (database) => {
  it('are cancelled when the webhook is disabled or deleted, and stay cancelled', async () => {
    await using receiver = await startReceiver((response) => response.writeHead(500).end());
    await using worker = await startWorker(database);
    const { graphql, instance } = worker;
    for (const name of ['disabled', 'deleted']) await worker.addWebhook(name, receiver.url);
    await worker.raise('a-1');
    await receiver.waitFor(2);
    const retried = [{ status: 'FAILED' }, { status: 'SCHEDULED', attempt: 2 }];
    for (const name of ['disabled', 'deleted'])
      await worker.waitForRows(retried, { webhookId: { eq: name } });
    await graphql.data(`mutation {
      updateWebhook(input: { webhookId: "disabled", enabled: false }) { webhook { enabled } }
      deleteWebhook(input: { webhookId: "deleted" }) { webhook { webhookId } }
    }`);
    const cancelled = [{ status: 'FAILED' }, { status: 'CANCELLED', attempt: 2, startedAt: null }];
    for (const name of ['disabled', 'deleted'])
      await worker.waitForRows(cancelled, { webhookId: { eq: name } });
    await graphql.data(
      `mutation { updateWebhook(input: { webhookId: "disabled", enabled: true }) { webhook { enabled } } }`,
    );
    await worker.addWebhook('deleted', receiver.url);
    graphql.clock.set(Date.parse(NOW) + 3_600_000);
    await instance.round();
    for (const name of ['disabled', 'deleted'])
      await worker.waitForRows(cancelled, { webhookId: { eq: name } });
    expect(receiver.received).toHaveLength(2);
  });

  it('are cancelled when the webhook is deleted while the alert is raised', async () => {
    await using receiver = await startReceiver();
    await using worker = await startWorker(database);
    await worker.instance.stop();
    for (const name of ['stays', 'goes']) await worker.addWebhook(name, receiver.url);
    for (let index = 0; index < 3; index++) await worker.raise(`a-${index}`);
    await worker.graphql.services.store.prisma.webhook.deleteMany({ where: { webhookId: 'goes' } });
    const instance = worker.startAnother();
    await instance.round();
    const all = (status: string) => Array.from({ length: 3 }, () => ({ status }));
    await worker.waitForRows(all('CANCELLED'), { webhookId: { eq: 'goes' } });
    await worker.waitForRows(all('DELIVERED'), { webhookId: { eq: 'stays' } });
    await instance.stop();
  });

  it('that are in progress when the webhook is disabled are recorded, and not tried again', async () => {
    let answer: () => void = () => undefined;
    await using receiver = await startReceiver((response) => {
      answer = () => response.writeHead(500).end();
    });
    await using worker = await startWorker(database);
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    await receiver.waitFor(1);
    await worker.graphql.data(
      `mutation { updateWebhook(input: { webhookId: "on-call", enabled: false }) { webhook { enabled } } }`,
    );
    answer();
    await worker.instance.stop();
    expect(await worker.rows()).toMatchObject([{ status: 'FAILED', statusCode: 500 }]);
  });

  it('are not tried again in its quiet hours', async () => {
    await using receiver = await startReceiver((response) => response.writeHead(500).end());
    await using worker = await startWorker(database);
    await worker.instance.stop();
    const { clock } = worker.graphql;
    const timeIn = (minutes: number) =>
      new Date(Date.parse(NOW) + minutes * 60 * SECOND_MS).toISOString().slice(11, 16);
    await worker.addWebhook('on-call', receiver.url, { quietFrom: timeIn(10), quietUntil: timeIn(60) });
    await worker.raise('mild', { severity: 'ERROR' });
    await worker.raise('worst', { severity: 'CRITICAL' });
    await worker.graphql.data(
      'mutation { sendTestAlert(input: { webhookId: "on-call" }) { delivery { alertId } } }',
    );
    clock.advance(10 * 60 * SECOND_MS);
    const instance = worker.startAnother();
    await instance.round();
    const at = (ms: number) => ({ attempt: 2, scheduledAt: new Date(Date.parse(NOW) + ms).toISOString() });
    const second = { attempt: { eq: 2 } };
    await worker.waitForRows([at(60 * 60 * SECOND_MS)], { ...second, alertId: { eq: 'mild' } });
    await worker.waitForRows([at(605 * SECOND_MS)], { ...second, alertId: { eq: 'worst' } });
    await worker.waitForRows([at(605 * SECOND_MS)], { ...second, event: { eq: 'TEST' } });
    await instance.stop();
  });

  it('are signed by the old secret and the new one for a day after it is rotated', async () => {
    await using receiver = await startReceiver();
    await using worker = await startWorker(database);
    const { graphql } = worker;
    graphql.clock.set(Date.now());
    const old = await worker.addWebhook('on-call', receiver.url);
    const { rotateWebhookSecret } = await graphql.data(
      `mutation { rotateWebhookSecret(input: { webhookId: "on-call" }) { secret webhook { previousSecretUntil } } }`,
    );
    const { secret, webhook } = rotateWebhookSecret;
    expect(Date.parse(webhook.previousSecretUntil)).toBe(graphql.clock.now() + DAY_MS);
    await worker.raise('a-1');
    await receiver.waitFor(1);
    const [both] = receiver.received;
    expect(String(both!.headers['webhook-signature'])).toMatch(/^v1,\S+ v1,\S+$/);
    for (const key of [old, secret]) expect(verified(both!, key)).toMatchObject({ type: 'alert.raised' });
    graphql.clock.advance(DAY_MS);
    await worker.raise('a-2');
    await receiver.waitFor(2);
    expect(String(receiver.received[1]!.headers['webhook-signature'])).toMatch(/^v1,\S+$/);
  });

  it('use the url and the secret that the webhook has when they are sent', async () => {
    await using before = await startReceiver((response) => response.writeHead(500).end());
    await using after = await startReceiver();
    await using worker = await startWorker(database);
    const { graphql } = worker;
    graphql.clock.set(Date.now());
    await worker.addWebhook('on-call', before.url);
    await worker.raise('a-1');
    await worker.waitForRows([{ status: 'FAILED' }, { status: 'SCHEDULED' }]);
    const { rotateWebhookSecret } = await graphql.data(
      `mutation ($url: String!) {
        updateWebhook(input: { webhookId: "on-call", url: $url }) { webhook { url } }
        rotateWebhookSecret(input: { webhookId: "on-call" }) { secret }
      }`,
      { url: after.url },
    );
    graphql.clock.advance(5 * SECOND_MS);
    await worker.instance.round();
    await worker.waitForRows([{ status: 'FAILED' }, { status: 'DELIVERED' }]);
    expect(before.received).toHaveLength(1);
    expect(verified(after.received[0]!, rotateWebhookSecret.secret)).toMatchObject({ type: 'alert.raised' });
  });
});
