import { CompiledQuery } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LEASE_MS, LONGEST_MS, RENEW_EVERY_MS } from '../../../src/alerting/delivery/claims.ts';
import { createOutbox } from '../../../src/alerting/delivery/outbox.ts';
import { defined } from '../../../src/core/defined.ts';
import type { PrismaTransaction } from '../../../src/storage/prisma.ts';
import type { Store } from '../../../src/storage/store.ts';
import { DELETE, UPDATE } from '../../domains/alerts/support/webhooks.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { alertIdsOf, claimingOf, LIMITS } from './support/claiming.ts';

describeEachDatabase('claimed deliveries', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const prisma = () => graphql.services.store.prisma;
  const { webhook, addWebhooks, addDue, outboxWith } = claimingOf(() => graphql);

  /** Runs work in the transaction of the claim, after it has read and before it claims. */
  function interrupting(intervene: (transaction: PrismaTransaction) => Promise<unknown>) {
    return (transaction: PrismaTransaction): PrismaTransaction =>
      new Proxy(transaction, {
        get(target, name) {
          const model = Reflect.get(target, name);
          if (name !== 'alertDelivery') return model;
          return new Proxy(model, {
            get(deliveries, method) {
              if (method !== 'updateManyAndReturn') return Reflect.get(deliveries, method);
              return async (args: never) => {
                await intervene(target);
                return target.alertDelivery.updateManyAndReturn(args);
              };
            },
          });
        },
      });
  }

  const statuses = async () =>
    (await prisma().alertDelivery.findMany({ orderBy: { scheduledAt: 'asc' } })).map(({ status }) => status);

  describe('of a few that are due', () => {
    afterEach(async () => {
      await prisma().alertDelivery.deleteMany();
      await prisma().webhook.deleteMany();
    });

    it('are those that have been due longest, a few of each webhook, and none twice', async () => {
      await addWebhooks('a', 'b', 'c', 'd');
      await addDue('a', 5, 100);
      await addDue('b', 1, 90);
      await addDue('c', 5, 200);
      await addDue('d', 1, 95);
      await addDue('nobody', 1, 300);
      const outbox = outboxWith();
      const claimed = await outbox.claim([]);
      expect(alertIdsOf(claimed)).toEqual(['a-0', 'a-1', 'b-0', 'c-0', 'c-1', 'd-0']);
      expect(await outbox.claim(claimed.map(({ deliveries }) => deliveries[0]))).toEqual([]);
      expect(alertIdsOf(await outbox.claim([]))).toEqual(['a-2', 'a-3', 'c-2', 'c-3']);
    });

    it('are those that have been due longest of all when only a few may begin', async () => {
      await addWebhooks('a', 'b', 'c');
      await addDue('a', 2, 10);
      await addDue('b', 2, 30);
      await addDue('c', 2, 20);
      const others = ['x', 'x', 'x'].map((webhookId) => ({ projectId: 'default', webhookId }));
      expect(alertIdsOf(await outboxWith().claim(others))).toEqual(['b-0', 'b-1', 'c-0']);
    });

    it('are claimed again when the claim has ended, and when a clock that was set back would make it last too long', async () => {
      await addWebhooks('a');
      await addDue('a', 1, 5 * 3600);
      const outbox = outboxWith();
      const { clock } = graphql;
      expect(await outbox.claim([])).toHaveLength(1);
      clock.advance(LEASE_MS);
      expect(await outbox.claim([])).toEqual([]);
      clock.advance(1);
      expect(await outbox.claim([])).toHaveLength(1);
      // The largest difference between the clocks of instances.
      clock.advance(LEASE_MS - LONGEST_MS);
      expect(await outbox.claim([])).toEqual([]);
      clock.advance(-1);
      expect(await outbox.claim([])).toHaveLength(1);
    });

    it('are held from the time when they are claimed, however long the transaction waited before', async () => {
      await addWebhooks('a');
      await addDue('a', 1, 5);
      const { clock, services } = graphql;
      const slow: Store['transact'] = (key, work) =>
        services.store.transact(key, (transaction) => {
          clock.advance(LEASE_MS + 1);
          return work(transaction);
        });
      const waiting = createOutbox({
        ...{ ...services, limits: LIMITS, random: () => 0.5 },
        store: { ...services.store, transact: slow },
      });
      expect(await waiting.claim([])).toHaveLength(1);
      expect(await outboxWith().claim([])).toEqual([]);
    });

    it('are left if the claim has nearly ended before its commit, and claimed again', async () => {
      await addWebhooks('a');
      await addDue('a', 1, 5);
      const { clock, services } = graphql;
      const slow: Store['transact'] = async (key, work) => {
        const found = await services.store.transact(key, work);
        clock.advance(LEASE_MS / 2);
        return found;
      };
      const waiting = createOutbox({
        ...{ ...services, limits: LIMITS, random: () => 0.5 },
        store: { ...services.store, transact: slow },
      });
      expect(await waiting.claim([])).toEqual([]);
      clock.advance(LEASE_MS / 2 + 1);
      expect(await outboxWith().claim([])).toHaveLength(1);
      // The database stays equally slow: a claim is made for a longer time, and lasts beyond its
      // renewal.
      clock.advance(LEASE_MS + 1);
      const [claimed] = await waiting.claim([]);
      const { deliveries } = defined(claimed);
      clock.advance(RENEW_EVERY_MS + LEASE_MS / 2);
      expect(await outboxWith().claim([])).toEqual([]);
      expect(await waiting.renew(deliveries)).not.toEqual(deliveries);
    });

    it('do not include those that an instance of an earlier version holds for a minute', async () => {
      await addWebhooks('a');
      await addDue('a', 1, 5);
      const { clock } = graphql;
      const claimedUntil = new Date(clock.now() + 60_000);
      await prisma().alertDelivery.updateMany({ data: { claimedUntil } });
      expect(await outboxWith().claim([])).toEqual([]);
      clock.advance(60_001);
      expect(await outboxWith().claim([])).toHaveLength(1);
    });

    it('do not include those that another instance has since claimed, recorded or cancelled', async () => {
      await addWebhooks('a');
      await addDue('a', 2, 100);
      for (const data of [
        { status: 'CANCELLED' },
        { status: 'DELIVERED' },
        { claimedUntil: new Date(graphql.clock.now() + LEASE_MS) },
      ]) {
        await prisma().alertDelivery.updateMany({ data: { status: 'SCHEDULED', claimedUntil: null } });
        const taken = outboxWith(
          interrupting((transaction) =>
            transaction.alertDelivery.updateMany({ where: { alertId: 'a-0' }, data }),
          ),
        ).claim([]);
        expect(alertIdsOf(await taken)).toEqual(['a-1']);
      }
    });

    it.each([
      ['disabled', UPDATE, { enabled: false }],
      ['deleted', DELETE, {}],
    ])(
      'are never cancelled when their webhook is %s just afterwards: that waits for the claim',
      async (_case, document, fields) => {
        await addWebhooks('a');
        await addDue('a', 3, 100);
        const order: string[] = [];
        let changed: Promise<unknown> = Promise.resolve();
        const interrupted = outboxWith(
          interrupting(async () => {
            changed = graphql
              .data(document, { input: { webhookId: 'a', ...fields } })
              .then(() => order.push('changed'));
            await expect.poll(async () => order.length > 0 || (await isWaiting())).toBe(true);
          }),
        );
        const claimed = await interrupted.claim([]);
        order.push('taken');
        await changed;
        expect(order).toEqual(['taken', 'changed']);
        expect(alertIdsOf(claimed)).toEqual(['a-0', 'a-1']);
        expect(await statuses()).toEqual(['SCHEDULED', 'SCHEDULED', 'CANCELLED']);
        const outbox = outboxWith();
        const outcome = { startedAt: 0, durationMs: 1, statusCode: 204, error: null, responseBody: '' };
        for (const { deliveries } of claimed)
          await outbox.record(deliveries, { ...outcome, final: false, retryAfterMs: null });
        expect(await statuses()).toEqual(['DELIVERED', 'DELIVERED', 'CANCELLED']);
        expect(await outbox.claim([])).toEqual([]);
      },
    );

    /**
     * Whether a transaction waits for the key of another one. SQLite has only one transaction at a
     * time.
     */
    async function isWaiting(): Promise<boolean> {
      if (database.dialect === 'sqlite') return true;
      const { rows } = await graphql.services.store.query.executeQuery<{ waiting: boolean }>(
        CompiledQuery.raw(
          `select exists (select 1 from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())) as waiting`,
        ),
      );
      return rows[0]?.waiting === true;
    }

    it('are cancelled within a minute when the webhook is deleted', async () => {
      const outbox = outboxWith();
      expect(await outbox.claim([])).toEqual([]);
      await addDue('gone', 2, 100);
      graphql.clock.advance(59_999);
      expect(await outbox.claim([])).toEqual([]);
      expect(await statuses()).toEqual(['SCHEDULED', 'SCHEDULED']);
      graphql.clock.advance(1);
      expect(await outbox.claim([])).toEqual([]);
      expect(await statuses()).toEqual(['CANCELLED', 'CANCELLED']);
    });

    it('do not include those that waited when the webhook was disabled or deleted', async () => {
      const outbox = outboxWith();
      await outbox.claim([]);
      await prisma().webhook.create({ data: { ...webhook('off'), enabled: false } });
      await addDue('off', 1, 100);
      await addDue('gone', 1, 100);
      await graphql.data(`mutation {
      updateWebhook(input: { webhookId: "off", enabled: true }) { webhook { enabled } }
      createWebhook(input: { webhookId: "gone", url: "https://example.org" }) { secret }
    }`);
      expect(await outbox.claim([])).toEqual([]);
      expect(await statuses()).toEqual(['CANCELLED', 'CANCELLED']);
    });
  });
});
