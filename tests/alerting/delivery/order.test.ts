import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { type Receiver, type Respond, startReceiver } from './support/receiver.ts';
import { startWorker, type TestWorker } from './support/worker.ts';

const SECOND_MS = 1000;
const KEY = 'R02ABCDEFGHIJKLMNOPQRSTUVWXYZ012';

/** Answers the requests with these statuses in order, and repeats the last one from then on. */
const inTurn =
  (...statuses: number[]): Respond =>
  (response, _request, index) =>
    response.writeHead(statuses[index] ?? statuses.at(-1) ?? 204).end();

/** The received requests, in order. */
const typesOf = ({ received }: Receiver) =>
  received.map(({ body }) => {
    const { type, data } = JSON.parse(body);
    return `${type} ${data.alertId}`;
  });

/** Moves the clock, and polls for due deliveries. */
async function after(worker: TestWorker, milliseconds: number): Promise<void> {
  worker.graphql.clock.advance(milliseconds);
  await worker.instance.round();
}

describeEachDatabase('deliveries of one alert to one webhook', (database) => {
  it('come in order, whatever is retried: PagerDuty never gets a resolve before its trigger', async () => {
    await using receiver = await startReceiver(inTurn(500, 503, 202));
    await using worker = await startWorker(database);
    await worker.addWebhook('pager', receiver.url, { kind: 'PAGERDUTY', secret: KEY });
    await worker.raise('a-1');
    await worker.waitForRows([{ status: 'FAILED' }, { status: 'SCHEDULED', attempt: 2 }]);
    await worker.acknowledge('a-1');
    await worker.resolve('a-1');
    await worker.instance.round();
    // It waits for the one before, and says until when.
    const at = (ms: number) => new Date(worker.graphql.clock.now() + ms).toISOString();
    const waiting = { status: { eq: 'SCHEDULED' } };
    const until = (scheduledAt: string) => Array.from({ length: 3 }, () => ({ scheduledAt }));
    await worker.waitForRows(until(at(5 * SECOND_MS)), waiting);
    expect(receiver.received).toHaveLength(1);
    await after(worker, 5 * SECOND_MS);
    await receiver.waitFor(2);
    await worker.waitForRows(until(at(30 * SECOND_MS)), waiting);
    await after(worker, 30 * SECOND_MS);
    await receiver.waitFor(5);
    await worker.waitForRows([], waiting);
    expect(receiver.received.map(({ body }) => JSON.parse(body).event_action)).toEqual([
      'trigger',
      'trigger',
      'trigger',
      'acknowledge',
      'resolve',
    ]);
  });

  it('continue when the first one is given up', async () => {
    await using receiver = await startReceiver(inTurn(500, 410, 204));
    await using worker = await startWorker(database);
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    await worker.waitForRows([{ status: 'FAILED' }, { status: 'SCHEDULED' }]);
    await worker.resolve('a-1');
    await after(worker, 5 * SECOND_MS);
    await receiver.waitFor(3);
    await worker.waitForRows([
      { event: 'RAISED', status: 'FAILED' },
      { event: 'RAISED', status: 'FAILED', statusCode: 410 },
      { event: 'RESOLVED', status: 'DELIVERED' },
    ]);
    expect(typesOf(receiver)).toEqual(['alert.raised a-1', 'alert.raised a-1', 'alert.resolved a-1']);
  });

  it('hold back neither other alerts nor other webhooks', async () => {
    await using failing = await startReceiver(inTurn(500, 204));
    await using fine = await startReceiver();
    await using worker = await startWorker(database);
    await worker.addWebhook('failing', failing.url);
    await worker.addWebhook('fine', fine.url);
    await worker.raise('a-1');
    await worker.waitForRows([{ status: 'FAILED' }, { status: 'SCHEDULED' }], {
      webhookId: { eq: 'failing' },
    });
    await worker.resolve('a-1');
    await worker.raise('a-2');
    await fine.waitFor(3);
    await failing.waitFor(2);
    expect(typesOf(failing)).toEqual(['alert.raised a-1', 'alert.raised a-2']);
    expect(new Set(typesOf(fine))).toEqual(
      new Set(['alert.raised a-1', 'alert.resolved a-1', 'alert.raised a-2']),
    );
  });

  it('wait while another instance sends the one before', async () => {
    let answer: () => void = () => undefined;
    await using receiver = await startReceiver((response, _request, index) => {
      if (index > 0) response.end();
      else answer = () => response.end();
    });
    await using worker = await startWorker(database);
    await worker.addWebhook('on-call', receiver.url);
    await worker.raise('a-1');
    await receiver.waitFor(1);
    const other = worker.startAnother();
    await worker.resolve('a-1');
    await other.round();
    await worker.instance.round();
    expect(typesOf(receiver)).toEqual(['alert.raised a-1']);
    answer();
    await receiver.waitFor(2);
    await worker.waitForRows([{ status: 'DELIVERED' }, { status: 'DELIVERED' }]);
    await other.stop();
    expect(typesOf(receiver)).toEqual(['alert.raised a-1', 'alert.resolved a-1']);
  });
});
