import { expect, it } from 'vitest';
import { LEASE_MS } from '../../../src/alerting/delivery/claims.ts';
import type { Store } from '../../../src/storage/store.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { failingRecords } from './support/failing-records.ts';
import { type Received, startReceiver } from './support/receiver.ts';
import { startWorker } from './support/worker.ts';

const idOf = ({ headers }: Received) => headers['webhook-id'];

describeEachDatabase('deliveries to webhooks', (database) => {
  it('that a stop interrupts are sent again at the next start, under the same id', async () => {
    await using receiver = await startReceiver((response, _request, index) => index > 0 && response.end());
    await using worker = await startWorker(database);
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    await receiver.waitFor(1);
    await worker.instance.stop(0);
    await worker.waitForRows([{ attempt: 1, status: 'SCHEDULED', startedAt: null }]);
    const next = worker.startAnother();
    await next.round();
    await worker.waitForRows([{ attempt: 1, status: 'DELIVERED' }]);
    await next.stop();
    expect(receiver.received.map(idOf)).toEqual(Array(2).fill((await worker.rows())[0].messageId));
  });

  it('that are in progress when the server stops are completed and recorded', async () => {
    let answer: () => void = () => undefined;
    await using receiver = await startReceiver((response) => {
      answer = () => response.end();
    });
    await using worker = await startWorker(database);
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    await receiver.waitFor(1);
    const stopped = worker.instance.stop();
    answer();
    await stopped;
    expect(await worker.rows()).toMatchObject([{ attempt: 1, status: 'DELIVERED' }]);
    // No delivery begins after it.
    await worker.raise('a-2');
    await worker.instance.round();
    expect(receiver.received).toHaveLength(1);
  });

  it('that take long stay with the instance that sends them', async () => {
    let answer: () => void = () => undefined;
    await using receiver = await startReceiver((response) => {
      answer = () => response.end();
    });
    await using worker = await startWorker(database);
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    await receiver.waitFor(1);
    const other = worker.startAnother();
    for (let part = 0; part < 3; part++) {
      worker.graphql.clock.advance(LEASE_MS - 1);
      await worker.instance.round();
      await other.round();
    }
    answer();
    await worker.waitForRows([{ attempt: 1, status: 'DELIVERED' }]);
    await other.stop();
    expect(receiver.received).toHaveLength(1);
  });

  it('whose outcome could not be recorded are sent again when their claim has ended', async () => {
    await using receiver = await startReceiver();
    await using worker = await startWorker(database);
    await worker.instance.stop();
    const broken = failingRecords(worker.graphql.services.store);
    const failing = worker.startAnother({ store: broken });
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    await receiver.waitFor(1);
    await failing.stop();
    expect(failing.log).toMatchObject([
      {
        err: { message: 'disk full' },
        webhookId: 'on-call',
        message: expect.stringContaining('be repeated'),
      },
    ]);
    const next = worker.startAnother();
    worker.graphql.clock.advance(LEASE_MS);
    await next.round();
    expect(receiver.received).toHaveLength(1);
    worker.graphql.clock.advance(1);
    await next.round();
    await worker.waitForRows([{ attempt: 1, status: 'DELIVERED' }]);
    await next.stop();
    const [{ messageId }] = await worker.rows();
    expect(receiver.received.map(idOf)).toEqual([messageId, messageId]);
  });

  it('whose claim would be renewed while their outcome is recorded are recorded', async () => {
    await using receiver = await startReceiver();
    await using worker = await startWorker(database);
    await worker.instance.stop();
    const { store } = worker.graphql.services;
    const transact: Store['transact'] = async (key, work) => {
      if (key.startsWith('alert-delivery:')) {
        worker.graphql.clock.advance(1);
        await instance.round();
      }
      return store.transact(key, work);
    };
    const instance = worker.startAnother({ store: { ...store, transact } });
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    await worker.waitForRows([{ attempt: 1, status: 'DELIVERED' }]);
    await instance.stop();
    expect(receiver.received).toHaveLength(1);
  });

  it('whose claim was lost are recorded by the instance that holds it now', async () => {
    const answers: (() => void)[] = [];
    await using receiver = await startReceiver((response, _request, index) => {
      answers[index] = () => response.writeHead(index === 0 ? 500 : 200).end();
    });
    await using worker = await startWorker(database);
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    await receiver.waitFor(1);
    worker.graphql.clock.advance(LEASE_MS + 1);
    const other = worker.startAnother();
    await other.round();
    await receiver.waitFor(2);
    answers[0]?.();
    // Its late outcome does not count: it leads to no failure and no further attempt.
    await worker.instance.stop();
    expect(await worker.rows()).toMatchObject([{ attempt: 1, status: 'SCHEDULED' }]);
    answers[1]?.();
    await worker.waitForRows([{ attempt: 1, status: 'DELIVERED' }]);
    await other.stop();
  });

  it('are claimed again after the database failed', async () => {
    await using receiver = await startReceiver();
    await using worker = await startWorker(database);
    await worker.instance.stop();
    const { store } = worker.graphql.services;
    let failures = 1;
    const transact: Store['transact'] = (key, work) =>
      failures-- > 0 ? Promise.reject(new Error('no answer')) : store.transact(key, work);
    const instance = worker.startAnother({ store: { ...store, transact } });
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    await expect.poll(() => instance.log).toMatchObject([{ err: { message: 'no answer' } }]);
    await instance.round();
    await worker.waitForRows([{ status: 'DELIVERED' }]);
    await instance.stop();
  });
});
