import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { type Received, startReceiver, verified } from './support/receiver.ts';
import { startWorker } from './support/worker.ts';

const SECOND_MS = 1000;
const idOf = ({ headers }: Received) => headers['webhook-id'];

describeEachDatabase('deliveries to webhooks', (database) => {
  it('are sent as soon as an alert is raised, and are recorded', async () => {
    await using receiver = await startReceiver((response) => response.end('thank you'));
    await using worker = await startWorker(database);
    // Signatures are verified against the real time.
    worker.graphql.clock.set(Date.now());
    const secret = await worker.addWebhook('on-call', receiver.url);
    const at = new Date(worker.graphql.clock.now()).toISOString();
    await worker.raise('a-1', { metadata: { budget: 100 } });
    const payload = {
      type: 'alert.raised',
      timestamp: at,
      data: expect.objectContaining({
        alertId: 'a-1',
        projectId: 'default',
        severity: 'WARNING',
        status: 'OPEN',
        metadata: { budget: 100 },
        raisedAt: at,
      }),
    };
    await worker.waitForRows([
      {
        alertId: 'a-1',
        webhookId: 'on-call',
        event: 'RAISED',
        attempt: 1,
        status: 'DELIVERED',
        payload,
        scheduledAt: at,
        startedAt: at,
        durationMs: expect.any(Number),
        statusCode: 200,
        error: null,
        responseBody: 'thank you',
      },
    ]);
    expect(receiver.received).toHaveLength(1);
    expect(verified(receiver.received[0]!, secret)).toEqual(payload);
    const [row] = await worker.rows();
    expect(idOf(receiver.received[0]!)).toBe(row.messageId);
  });

  it('are tried again, one row per attempt, until the receiver accepts', async () => {
    await using receiver = await startReceiver((response, _request, index) =>
      response.writeHead([500, 503, 200][index]!, index === 1 ? { 'retry-after': '100' } : {}).end(),
    );
    await using worker = await startWorker(database);
    const { clock } = worker.graphql;
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    const first = { attempt: 1, status: 'FAILED', statusCode: 500, error: 'It answered with status 500.' };
    const second = {
      attempt: 2,
      status: 'SCHEDULED',
      scheduledAt: '2026-11-22T12:00:05.000Z',
      startedAt: null,
      statusCode: null,
    };
    await worker.waitForRows([first, second]);
    clock.advance(5 * SECOND_MS - 1);
    await worker.instance.round();
    expect(receiver.received).toHaveLength(1);
    clock.advance(1);
    await worker.instance.round();
    const third = { attempt: 3, status: 'SCHEDULED', scheduledAt: '2026-11-22T12:01:45.000Z' };
    await worker.waitForRows([
      first,
      { ...second, status: 'FAILED', statusCode: 503, startedAt: '2026-11-22T12:00:05.000Z' },
      third,
    ]);
    clock.advance(100 * SECOND_MS);
    await worker.instance.round();
    await worker.waitForRows([{}, {}, { ...third, status: 'DELIVERED', statusCode: 200 }]);
    const [{ messageId, payload }] = await worker.rows();
    expect(receiver.received.map(idOf)).toEqual([messageId, messageId, messageId]);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set((await worker.rows()).map((row) => row.messageId))).toEqual(new Set([messageId]));
    expect((await worker.rows()).map((row) => row.payload)).toEqual([payload, payload, payload]);
  });

  it('end when the receiver is gone', async () => {
    await using receiver = await startReceiver((response) => response.writeHead(410).end());
    await using worker = await startWorker(database);
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    await worker.waitForRows([{ attempt: 1, status: 'FAILED', statusCode: 410 }]);
  });

  it('go to no private address, and say so', async () => {
    await using worker = await startWorker(database);
    // Host names are checked when an alert is sent.
    await worker.addWebhook('on-call', 'http://hooks.example.com/', { enabled: true });
    await worker.graphql.services.store.prisma.webhook.updateMany({ data: { url: 'http://10.0.0.5/' } });
    await worker.raise('a-1');
    await worker.waitForRows([
      {
        status: 'FAILED',
        statusCode: null,
        error: 'The address 10.0.0.5 is private: allow it with WEBHOOK_ALLOWED_ADDRESSES.',
      },
      { status: 'SCHEDULED', attempt: 2 },
    ]);
  });

  it('are made once by instances that share a database', async () => {
    await using receiver = await startReceiver();
    await using worker = await startWorker(database, { limits: { total: 6, perWebhook: 3 } });
    const others = [worker.startAnother(), worker.startAnother()];
    await worker.addWebhook('one', receiver.url);
    await worker.addWebhook('two', receiver.url);
    await Promise.all(Array.from({ length: 20 }, (_, index) => worker.raise(`a-${index}`)));
    await receiver.waitFor(40);
    await worker.waitForRows(Array.from({ length: 40 }, () => ({ status: 'DELIVERED', attempt: 1 })));
    await Promise.all(others.map((other) => other.stop()));
    expect(receiver.received).toHaveLength(40);
    expect(new Set(receiver.received.map(idOf)).size).toBe(40);
  });

  it('to other receivers continue beside one that never answers, which gets few at the same time', async () => {
    await using dead = await startReceiver(() => undefined);
    await using alive = await startReceiver();
    await using worker = await startWorker(database, { limits: { total: 4, perWebhook: 2 } });
    await worker.addWebhook('dead', dead.url);
    for (let index = 0; index < 10; index++) await worker.raise(`a-${index}`);
    await dead.waitFor(2);
    await worker.addWebhook('alive', alive.url);
    for (let index = 0; index < 10; index++) await worker.raise(`b-${index}`);
    await alive.waitFor(10);
    const toAlive = { webhookId: { eq: 'alive' } };
    await worker.waitForRows(
      Array.from({ length: 10 }, () => ({ status: 'DELIVERED' })),
      toAlive,
    );
    expect(dead.received).toHaveLength(2);
    await worker.instance.stop(0);
    expect(dead.received).toHaveLength(2);
  });
});
