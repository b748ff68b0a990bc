import { expect, it } from 'vitest';
import { CLAIMS_KEY, LEASE_MS } from '../../../src/alerting/delivery/claims.ts';
import { batchesOf } from '../../../src/core/batches.ts';
import type { Store } from '../../../src/storage/store.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { failingRecords } from './support/failing-records.ts';
import { type Receiver, type Respond, startReceiver } from './support/receiver.ts';
import { draft, startWorker, type TestWorker } from './support/worker.ts';

const SECOND_MS = 1000;
const TEST = 'mutation { sendTestAlert(input: { webhookId: "team" }) { delivery { alertId } } }';
const OK: Respond = (response) => response.end('ok');

const addTeam = (worker: TestWorker, { url }: Receiver, fields: object = {}) =>
  worker.addWebhook('team', `${url}/token-of-the-channel`, { kind: 'SLACK', groupWait: 'PT30S', ...fields });

async function after(worker: TestWorker, milliseconds: number): Promise<void> {
  worker.graphql.clock.advance(milliseconds);
  await worker.instance.round();
}

/** Raises this many alerts, some in each transaction, and resolves them if requested. */
async function raiseMany({ graphql }: TestWorker, count: number, thenResolve = false): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => `a-${index}`);
  for (const some of batchesOf(ids, 35)) {
    await graphql.services.alerting.alertBook.change('default', async (writer) => {
      for (const id of some) await writer.raise(draft(id, graphql.clock.now()));
      for (const id of thenResolve ? some : []) await writer.resolve(id, 'BY_HAND', 'ada');
    });
  }
}

const headlines = ({ received }: Receiver) => received.map(({ body }) => JSON.parse(body).text as string);
const times = (count: number, fields: Readonly<Record<string, unknown>>) =>
  Array.from({ length: count }, () => fields);

describeEachDatabase('a webhook with groupWait', (database) => {
  it('gets one message about the alerts within it, and a delivery is recorded for each', async () => {
    await using receiver = await startReceiver(OK);
    await using worker = await startWorker(database);
    await addTeam(worker, receiver);
    await worker.raise('a-1');
    await after(worker, 29 * SECOND_MS);
    await worker.raise('a-2', { severity: 'CRITICAL' });
    await worker.acknowledge('a-1');
    await after(worker, SECOND_MS - 1);
    expect(receiver.received).toEqual([]);
    await after(worker, 1);
    await worker.waitForRows(
      times(3, { status: 'DELIVERED', attempt: 1, statusCode: 200, responseBody: 'ok' }),
    );
    const [first, ...others] = await worker.rows();
    for (const { startedAt, durationMs } of others) {
      expect({ startedAt, durationMs }).toEqual({ startedAt: first.startedAt, durationMs: first.durationMs });
    }
    expect(headlines(receiver)).toEqual(['3 notifications: 1 CRITICAL, 2 WARNING']);
    const blocks = JSON.parse(receiver.received[0]!.body).blocks as { text?: { text: string } }[];
    expect(blocks.flatMap(({ text }) => (text === undefined ? [] : [text.text]))).toEqual([
      '*3 notifications: 1 CRITICAL, 2 WARNING*',
      '*CRITICAL: Too dear*',
      '*WARNING: Too dear*',
      '*Acknowledged by ada: Too dear*',
    ]);
    // Later deliveries wait for their own time.
    await worker.raise('a-3');
    await after(worker, 29 * SECOND_MS);
    expect(receiver.received).toHaveLength(1);
    await after(worker, SECOND_MS);
    await receiver.waitFor(2);
    expect(headlines(receiver)[1]).toBe('WARNING: Too dear');
  });

  it('gets a test at once, and alone', async () => {
    await using receiver = await startReceiver(OK);
    await using worker = await startWorker(database);
    await addTeam(worker, receiver);
    await worker.raise('a-1');
    await worker.graphql.data(TEST);
    await worker.waitForRows([{ event: 'TEST', status: 'DELIVERED' }], { event: { eq: 'TEST' } });
    await worker.waitForRows([{ status: 'SCHEDULED' }], { event: { eq: 'RAISED' } });
    expect(headlines(receiver)).toEqual(['Test of the webhook "team"']);
  });

  it('is retried with the whole message, after the same wait as without groups', async () => {
    await using receiver = await startReceiver((response, _request, index) =>
      index === 0 ? response.writeHead(503, { 'retry-after': '60' }).end() : response.end('ok'),
    );
    await using worker = await startWorker(database);
    await addTeam(worker, receiver);
    await worker.raise('a-1');
    await worker.raise('a-2');
    await after(worker, 30 * SECOND_MS);
    const failed = times(2, { status: 'FAILED', statusCode: 503, attempt: 1 });
    const at = new Date(worker.graphql.clock.now() + 60 * SECOND_MS).toISOString();
    await worker.waitForRows([...failed, ...times(2, { attempt: 2, status: 'SCHEDULED', scheduledAt: at })]);
    // Another group does not include it before its time.
    await worker.raise('a-3');
    await after(worker, 59 * SECOND_MS);
    await receiver.waitFor(2);
    expect(headlines(receiver)[1]).toBe('WARNING: Too dear');
    await after(worker, SECOND_MS);
    await worker.waitForRows(times(3, { status: 'DELIVERED' }), { status: { eq: 'DELIVERED' } });
    expect(headlines(receiver)[2]).toBe('2 notifications: 2 WARNING');
  });

  it('gets the alerts of quiet hours together at their end, and none before', async () => {
    await using receiver = await startReceiver(OK);
    await using worker = await startWorker(database);
    // From five minutes before NOW to one minute after it.
    await addTeam(worker, receiver, { quietFrom: '11:55', quietUntil: '12:01', groupWait: 'PT50S' });
    await worker.raise('mild-1');
    await after(worker, 5 * SECOND_MS);
    await worker.raise('worst', { severity: 'CRITICAL' });
    await worker.raise('mild-2');
    await after(worker, 50 * SECOND_MS);
    await receiver.waitFor(1);
    expect(headlines(receiver)).toEqual(['CRITICAL: Too dear']);
    await after(worker, 5 * SECOND_MS);
    await receiver.waitFor(2);
    expect(headlines(receiver)[1]).toBe('2 notifications: 2 WARNING');
  });

  it('gets each group once from instances that share a database', async () => {
    await using receiver = await startReceiver(OK);
    await using worker = await startWorker(database);
    const others = [worker.startAnother(), worker.startAnother()];
    await addTeam(worker, receiver);
    await raiseMany(worker, 105);
    worker.graphql.clock.advance(30 * SECOND_MS);
    await Promise.all([worker.instance, ...others].map((instance) => instance.round()));
    await worker.waitForRows(times(105, { status: 'DELIVERED', attempt: 1 }));
    await Promise.all(others.map((other) => other.stop()));
    // A message reports at most a hundred.
    expect(headlines(receiver).toSorted()).toEqual([
      '100 notifications: 100 WARNING',
      '5 notifications: 5 WARNING',
    ]);
  });

  it('gets RAISED before the later events of an alert, even if one message cannot hold all', async () => {
    await using receiver = await startReceiver(OK);
    await using worker = await startWorker(database);
    await addTeam(worker, receiver);
    await raiseMany(worker, 52, true);
    await after(worker, 30 * SECOND_MS);
    await worker.waitForRows(times(104, { status: 'DELIVERED' }));
    expect(headlines(receiver)).toEqual(['100 notifications: 100 WARNING', '4 notifications: 4 WARNING']);
    const last = JSON.parse(receiver.received[1]!.body).blocks as { text?: { text: string } }[];
    const texts = last.slice(1, -1).flatMap(({ text }) => (text === undefined ? [] : [text.text]));
    expect(new Set(texts)).toEqual(new Set(['*Resolved by ada: Too dear*']));
  });

  it('gets what is due, however much is not yet due', async () => {
    await using receiver = await startReceiver(OK);
    await using worker = await startWorker(database);
    await addTeam(worker, receiver);
    await worker.raise('old');
    await after(worker, 30 * SECOND_MS);
    await receiver.waitFor(1);
    await worker.resolve('old');
    worker.graphql.clock.advance(SECOND_MS);
    await raiseMany(worker, 101);
    await after(worker, 29 * SECOND_MS);
    await worker.waitForRows([{ status: 'DELIVERED' }], { event: { eq: 'RESOLVED' } });
    expect(headlines(receiver)[1]).toBe('100 notifications: 100 WARNING');
  });

  it('gets no RESOLVED while another instance sends the RAISED of its alert', async () => {
    await using receiver = await startReceiver(OK);
    await using worker = await startWorker(database);
    await worker.instance.stop();
    await addTeam(worker, receiver);
    await worker.raise('a-1');
    await worker.resolve('a-1');
    await worker.raise('a-2');
    worker.graphql.clock.advance(30 * SECOND_MS);
    const { store } = worker.graphql.services;
    const claimedUntil = new Date(worker.graphql.clock.now() + LEASE_MS);
    // Another instance claims RAISED after this one has read which deliveries may begin.
    const late: Store = {
      ...store,
      async transact(key, work) {
        if (key === CLAIMS_KEY) {
          await store.prisma.alertDelivery.updateMany({
            where: { alertId: 'a-1', event: 'RAISED' },
            data: { claimedUntil },
          });
        }
        return store.transact(key, work);
      },
    };
    const instance = worker.startAnother({ store: late });
    await instance.round();
    await worker.waitForRows([{ alertId: 'a-2' }], { status: { eq: 'DELIVERED' } });
    await instance.stop();
    expect(headlines(receiver)).toEqual(['WARNING: Too dear']);
    await worker.waitForRows([{ status: 'SCHEDULED' }], { event: { eq: 'RESOLVED' } });
  });

  it('gets a whole group again when its outcome was not recorded', async () => {
    await using receiver = await startReceiver(OK);
    await using worker = await startWorker(database);
    await worker.instance.stop();
    const broken = failingRecords(worker.graphql.services.store);
    const failing = worker.startAnother({ store: broken });
    await addTeam(worker, receiver);
    await worker.raise('a-1');
    await worker.raise('a-2');
    worker.graphql.clock.advance(30 * SECOND_MS);
    await failing.round();
    await receiver.waitFor(1);
    await failing.stop();
    await worker.waitForRows(times(2, { status: 'SCHEDULED', startedAt: null }));
    worker.graphql.clock.advance(LEASE_MS + 1);
    const next = worker.startAnother();
    await next.round();
    await worker.waitForRows(times(2, { status: 'DELIVERED', attempt: 1 }));
    await next.stop();
    expect(headlines(receiver)).toEqual(times(2, {}).map(() => '2 notifications: 2 WARNING'));
  });

  it('sends each alert at once again after groupWait is set to null', async () => {
    await using receiver = await startReceiver(OK);
    await using worker = await startWorker(database);
    await addTeam(worker, receiver);
    await worker.graphql.data(
      `mutation { updateWebhook(input: { webhookId: "team", groupWait: null }) { webhook { groupWait } } }`,
    );
    await worker.raise('a-1');
    await receiver.waitFor(1);
  });
});
