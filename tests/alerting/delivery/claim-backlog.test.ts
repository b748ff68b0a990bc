import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dueDeliveriesQuery, dueWebhooksQuery } from '../../../src/alerting/delivery/due-webhooks.ts';
import type { PrismaTransaction } from '../../../src/storage/prisma.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { queryPlan } from '../../support/query-plan.ts';
import { alertIdsOf, claimingOf } from './support/claiming.ts';

const SECOND_MS = 1000;

describeEachDatabase('deliveries beside a backlog of a webhook that never answers', (database) => {
  let graphql: TestGraphQL;
  const { addWebhooks, addDue, outboxWith } = claimingOf(() => graphql);
  const BACKLOG = 5_000;

  beforeAll(async () => {
    graphql = await startGraphQL(database);
    await addWebhooks('alive', 'dead', 'idle');
    await addDue('dead', BACKLOG, BACKLOG);
    await addDue('alive', 1, 1);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  /** The plans for the deliveries that are due, and for those before them. */
  const INDEXES = [
    'alert_deliveries_project_id_alert_id_webhook_id_status_idx',
    'alert_deliveries_status_project_id_webhook_id_scheduled_at_idx',
  ];

  /** The ways in which a statement reads the table of deliveries. */
  async function indexesOf(query: { compile(): CompiledQuery }): Promise<readonly string[]> {
    const steps = (await queryPlan(graphql.services.store, query.compile())).join('\n');
    const found = steps.match(
      /\w*alert_deliveries\w*_(idx|pkey|\d)\b|SCAN delivery|SCAN earlier|Seq Scan on alert_deliveries/g,
    );
    return [...new Set(found)].toSorted();
  }

  const underWay = ['dead', 'dead'].map((webhookId) => ({ projectId: 'default', webhookId }));

  it('are found by the indexes, with and without statistics of the database', async () => {
    const { store, clock } = graphql.services;
    const now = clock.now();
    const dead = { projectId: 'default', webhookId: 'dead' };
    const all = dueWebhooksQuery(store, underWay, now);
    const ofOne = dueDeliveriesQuery(store, dead, { now, until: now, limit: 4 });
    const ofGroup = dueDeliveriesQuery(store, dead, { now, until: now + 30 * SECOND_MS, limit: 100 });
    for (const query of [all, ofOne, ofGroup]) expect(await indexesOf(query)).toEqual(INDEXES);
    await store.query.executeQuery(CompiledQuery.raw('analyze'));
    for (const query of [all, ofOne]) expect(await indexesOf(query)).toEqual(INDEXES);
  });

  it('are found without reading the backlog', async () => {
    let read = 0;
    const counting = (transaction: PrismaTransaction): PrismaTransaction =>
      new Proxy(transaction, {
        get(target, name) {
          if (name !== 'alertDelivery') return Reflect.get(target, name);
          return new Proxy(target.alertDelivery, {
            get(deliveries, method) {
              if (method !== 'findMany') return Reflect.get(deliveries, method);
              return async (args: never) => {
                const rows = await target.alertDelivery.findMany(args);
                read += rows.length;
                return rows;
              };
            },
          });
        },
      });
    const outbox = outboxWith(counting);
    let claimed: Awaited<ReturnType<typeof outbox.claim>> = [];
    expect(await graphql.countStatements(async () => (claimed = await outbox.claim(underWay)))).toBe(3);
    expect(alertIdsOf(claimed)).toEqual(['alive-0']);
    expect(read).toBe(1);
    // Only the backlog is left, and no transaction.
    expect(await graphql.countStatements(() => outbox.claim(underWay))).toBe(1);
    expect(read).toBe(1);
    expect(alertIdsOf(await outbox.claim([]))).toEqual(['dead-0', 'dead-1']);
    expect(read).toBe(3);
  });
});
