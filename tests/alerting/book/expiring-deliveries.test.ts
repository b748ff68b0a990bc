import { afterEach, beforeEach, expect, test } from 'vitest';
import { createExpiringDeliveries } from '../../../src/alerting/book/expiring-alerts.ts';
import { EVERYBODY } from '../../domains/alerts/support/webhook.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { draft } from '../delivery/support/worker.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
/** The first midnight whose day stays by default. */
const CUTOFF = Date.parse('2026-08-24T00:00:00Z');
const STATUSES = ['SCHEDULED', 'DELIVERED', 'FAILED', 'CANCELLED'];

describeEachDatabase('retention of what was sent to webhooks', (database) => {
  let graphql: TestGraphQL;
  beforeEach(async () => {
    graphql = await startGraphQL(database);
  });
  afterEach(() => graphql[Symbol.asyncDispose]());

  const prisma = () => graphql.services.store.prisma;
  /** Sends an alert that is not stored to a webhook, and sets the outcome of the delivery. */
  async function addDelivery(at: number, status: string, projectId = 'default') {
    const { alertBook } = graphql.services.alerting;
    const { id } = await alertBook.change(projectId, (writer) => writer.test('on-call'), at);
    await prisma().alertDelivery.updateMany({ where: { id }, data: { status } });
  }
  const stored = async (projectId = 'default') =>
    (
      await prisma().alertDelivery.findMany({
        where: { projectId },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      })
    ).map(({ createdAt, status }) => `${createdAt.getTime() < CUTOFF ? 'old' : 'new'} ${status}`);
  const removed = async (options = {}) =>
    (await graphql.services.retention.run(options)).filter(({ rows, cells }) => rows + cells > 0);

  test('removes old deliveries of all projects, including tests, but none that are still to be sent', async () => {
    for (const at of [CUTOFF - 1, CUTOFF]) for (const status of STATUSES) await addDelivery(at, status);
    await addDelivery(CUTOFF - 1, 'DELIVERED', 'another-project');
    await addDelivery(CUTOFF, 'DELIVERED', 'a third');
    const expired = [{ dataset: 'alertDeliveries', rows: 4, cells: 0 }];
    expect(await removed({ dryRun: true })).toMatchObject(expired);
    expect(await stored()).toHaveLength(8);
    expect(await removed()).toMatchObject(expired);
    expect(await stored()).toEqual(['old SCHEDULED', ...STATUSES.map((status) => `new ${status}`)]);
    expect(await stored('another-project')).toEqual([]);
    expect(await stored('a third')).toEqual(['new DELIVERED']);
    expect(await removed()).toEqual([]);
  });

  test('removes deliveries even if their alert stays', async () => {
    const { alertBook } = graphql.services.alerting;
    await prisma().webhook.create({ data: EVERYBODY });
    await alertBook.change('default', (writer) => writer.raise(draft('a-1', CUTOFF - 1)), CUTOFF - 1);
    await prisma().alertDelivery.updateMany({ data: { status: 'DELIVERED' } });
    expect(await removed()).toMatchObject([{ dataset: 'alertDeliveries', rows: 1, cells: 0 }]);
    expect(await prisma().alert.count()).toBe(1);
  });

  test('continues where it was stopped, in batches between which others can write', async () => {
    for (let number = 0; number < 7; number++) await addDelivery(CUTOFF - 1, 'FAILED');
    const { store } = graphql.services;
    const stop = new AbortController();
    let batches = 0;
    const expired = createExpiringDeliveries({
      batchSize: 3,
      store: {
        prisma: store.prisma,
        async transact(key, work) {
          const value = await store.transact(key, work);
          if (++batches === 2) stop.abort();
          await addDelivery(NOON, 'DELIVERED');
          return value;
        },
      },
    });
    expect(await expired.remove(CUTOFF, { signal: stop.signal })).toBe(6);
    expect(await stored()).toEqual(['old FAILED', 'new DELIVERED', 'new DELIVERED']);
    expect(await expired.remove(CUTOFF, {})).toBe(1);
    expect(await expired.remove(CUTOFF, {})).toBe(0);
  });
});
