import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW } from '../../support/graphql.ts';
import { startReceiver } from './support/receiver.ts';
import { startWorker, type TestWorker } from './support/worker.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/**
 * The furthest that a retry can be ahead after `Retry-After` and quiet hours on a day of 25 hours.
 */
const LONGEST_MS = 49 * HOUR_MS;

const at = (milliseconds: number) => new Date(Date.parse(NOW) + milliseconds);

/** Sets the stored times as an instance with a wrong clock does. */
async function storeAhead({ graphql }: TestWorker, alertId: string, ahead: number): Promise<void> {
  const times = { scheduledAt: at(ahead), createdAt: at(ahead) };
  await graphql.services.store.prisma.alertDelivery.updateMany({ where: { alertId }, data: times });
}

describeEachDatabase('deliveries that were stored while the clock was ahead', (database) => {
  it('are made once the clock is right, and so are the later ones of their alert', async () => {
    const types: string[] = [];
    await using receiver = await startReceiver((response, { body }) => {
      types.push(JSON.parse(body).type);
      response.writeHead(types.length === 1 ? 500 : 204).end();
    });
    await using worker = await startWorker(database);
    const { clock } = worker.graphql;
    await worker.addWebhook('on-call', receiver.url);
    clock.set(at(1000 * 24 * HOUR_MS).getTime());
    await worker.raise('a-1');
    await worker.waitForRows([{ status: 'FAILED' }, { status: 'SCHEDULED', attempt: 2 }]);
    clock.set(Date.parse(NOW));
    await worker.resolve('a-1');
    await worker.instance.round();
    await receiver.waitFor(3);
    expect(types).toEqual(['alert.raised', 'alert.raised', 'alert.resolved']);
    await worker.waitForRows([{ event: 'RESOLVED' }, { event: 'RAISED' }], { status: { eq: 'DELIVERED' } });
  });

  it('keep a time that is within the longest wait', async () => {
    await using receiver = await startReceiver();
    await using worker = await startWorker(database);
    const { clock } = worker.graphql;
    await worker.instance.stop();
    await worker.addWebhook('on-call', receiver.url);
    for (const alertId of ['allowed', 'too-far']) await worker.raise(alertId);
    await storeAhead(worker, 'allowed', LONGEST_MS);
    await storeAhead(worker, 'too-far', LONGEST_MS + 1);
    const instance = worker.startAnother();
    await instance.round();
    await worker.waitForRows([{ alertId: 'too-far' }], { status: { eq: 'DELIVERED' } });
    await worker.waitForRows([{ alertId: 'allowed', scheduledAt: at(LONGEST_MS).toISOString() }], {
      status: { eq: 'SCHEDULED' },
    });
    clock.advance(LONGEST_MS);
    await instance.round();
    await receiver.waitFor(2);
    await instance.stop();
  });

  it('wait for the end of quiet hours, unless the alert is CRITICAL', async () => {
    await using receiver = await startReceiver();
    await using worker = await startWorker(database);
    await worker.instance.stop();
    await worker.addWebhook('asleep', receiver.url, { quietFrom: '11:00', quietUntil: '13:00' });
    await worker.raise('mild');
    await worker.raise('worst', { severity: 'CRITICAL' });
    for (const alertId of ['mild', 'worst']) await storeAhead(worker, alertId, 1000 * HOUR_MS);
    const instance = worker.startAnother();
    await instance.round();
    await worker.waitForRows([{ alertId: 'worst' }], { status: { eq: 'DELIVERED' } });
    await worker.waitForRows([{ alertId: 'mild', scheduledAt: at(HOUR_MS).toISOString() }], {
      status: { eq: 'SCHEDULED' },
    });
    await instance.stop();
  });
});
