import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW } from '../../support/graphql.ts';
import { startReceiver } from './support/receiver.ts';
import { startWorker, type TestWorker } from './support/worker.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const at = (milliseconds: number) => new Date(Date.parse(NOW) + milliseconds);
const WAITING = { status: { eq: 'SCHEDULED' } };

/** The eighth attempt for RAISED has failed at NOW, and the next one waits 12 hours. */
async function failedOften(
  worker: TestWorker,
  url: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<void> {
  await worker.instance.stop();
  await worker.addWebhook('on-call', url, fields);
  await worker.raise('a-1');
  await changeRetry(worker, { attempt: 9, scheduledAt: at(12 * HOUR_MS) });
}

async function changeRetry({ graphql }: TestWorker, data: object): Promise<void> {
  await graphql.services.store.prisma.alertDelivery.updateMany({ where: { event: 'RAISED' }, data });
}

async function remind({ graphql }: TestWorker): Promise<void> {
  await graphql.services.alerting.alertBook.change('default', async (writer) => {
    const alert = await writer.find('a-1');
    if (alert !== null) await writer.remind(alert);
  });
}

/** The due times of waiting deliveries, in milliseconds from NOW, by their event. */
async function dueTimes(worker: TestWorker): Promise<Record<string, number>> {
  const rows = await worker.rows(WAITING);
  return Object.fromEntries(
    rows.map(({ event, scheduledAt }) => [event, Date.parse(scheduledAt) - Date.parse(NOW)]),
  );
}

describeEachDatabase('a retry that a later event of its alert waits for', (database) => {
  it('is made soon, under its own number, followed by the later event', async () => {
    const types: string[] = [];
    await using receiver = await startReceiver((response, { body }) => {
      types.push(JSON.parse(body).type);
      response.end();
    });
    await using worker = await startWorker(database);
    await failedOften(worker, receiver.url);
    await remind(worker);
    worker.graphql.clock.advance(HOUR_MS);
    await worker.resolve('a-1');
    expect(await dueTimes(worker)).toEqual({ RAISED: HOUR_MS, REMINDED: HOUR_MS, RESOLVED: HOUR_MS });
    const instance = worker.startAnother();
    await instance.round();
    await receiver.waitFor(3);
    await worker.waitForRows([{ attempt: 9 }, { attempt: 1 }, { attempt: 1 }], {
      status: { eq: 'DELIVERED' },
    });
    await instance.stop();
    expect(types).toEqual(['alert.raised', 'alert.reminded', 'alert.resolved']);
  });

  it('leaves the receiver alone for a minute after the attempt before', async () => {
    await using worker = await startWorker(database);
    await failedOften(worker, 'https://hooks.example.com/dead');
    worker.graphql.clock.advance(SECOND_MS);
    await worker.acknowledge('a-1');
    expect(await dueTimes(worker)).toEqual({ RAISED: MINUTE_MS, ACKNOWLEDGED: MINUTE_MS });
    worker.graphql.clock.advance(SECOND_MS);
    await worker.resolve('a-1');
    expect(await dueTimes(worker)).toMatchObject({ RAISED: MINUTE_MS, RESOLVED: MINUTE_MS });
  });

  it('keeps its time when the event is a reminder, or belongs to another alert', async () => {
    await using worker = await startWorker(database);
    await failedOften(worker, 'https://hooks.example.com/dead');
    worker.graphql.clock.advance(HOUR_MS);
    await remind(worker);
    expect(await dueTimes(worker)).toEqual({ RAISED: 12 * HOUR_MS, REMINDED: 12 * HOUR_MS });
    const waiting = { alertId: { eq: 'a-1' } };
    await worker.raise('a-2');
    await worker.resolve('a-2');
    const time = { scheduledAt: at(12 * HOUR_MS).toISOString() };
    await worker.waitForRows([time, time], waiting);
  });

  it('keeps the time that its receiver has asked for', async () => {
    await using worker = await startWorker(database);
    await failedOften(worker, 'https://hooks.example.com/busy');
    // Our own wait after the first attempt is at most 6 seconds.
    await changeRetry(worker, { attempt: 2, scheduledAt: at(2 * HOUR_MS) });
    worker.graphql.clock.advance(HOUR_MS);
    await worker.resolve('a-1');
    expect(await dueTimes(worker)).toEqual({ RAISED: 2 * HOUR_MS, RESOLVED: 2 * HOUR_MS });
  });

  it('waits for the end of quiet hours', async () => {
    await using worker = await startWorker(database);
    const quiet = { quietFrom: '12:30', quietUntil: '14:00' };
    await failedOften(worker, 'https://hooks.example.com/asleep', quiet);
    worker.graphql.clock.advance(HOUR_MS);
    await worker.resolve('a-1');
    expect(await dueTimes(worker)).toEqual({ RAISED: 2 * HOUR_MS, RESOLVED: 2 * HOUR_MS });
  });
});
