import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alertsKey } from '../../src/alerting/book/alert-book.ts';
import { createOutbox } from '../../src/alerting/delivery/outbox.ts';
import { derivedId } from '../../src/core/ids.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { createRetention } from '../../src/retention/retention.ts';
import type { Store } from '../../src/storage/store.ts';
import { startEvaluation } from '../domains/alerts/support/evaluation.ts';
import { EVERYBODY } from '../domains/alerts/support/webhook.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall } from '../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../support/graphql.ts';

/** The project with very much work comes first by its name, and had the work first. */
const BUSY = 'a-busy';
const SMALL = 'b-small';

const CREATE_RULE =
  'mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) { rule { ruleId } } }';
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const RULE = {
  ...{ ruleId: 'calls', name: 'Calls', dataset: 'llmCalls', aggregate: 'COUNT', comparator: 'GT' },
  ...{ warning: 0, window: 'PT1H', groupBy: ['endUser'] },
};
const DAY_MS = 86_400_000;

describeEachDatabase('a project with very much to do', (database) => {
  let graphql: TestGraphQL;
  beforeEach(async () => {
    graphql = await startGraphQL(database);
    for (const projectId of [BUSY, SMALL]) await graphql.services.projects.create({ projectId });
  });
  afterEach(() => graphql[Symbol.asyncDispose]());

  const at = (milliseconds: number) => new Date(Date.parse(NOW) + milliseconds).toISOString();

  function recordCalls(projectId: string, count: number): Promise<unknown> {
    const input = Array.from({ length: count }, (_, number) =>
      llmCall({ endUser: `user-${number}`, timestamp: at(-1000) }),
    );
    return graphql.data(RECORD, { input }, projectId);
  }

  it('lets the rules of others fire while its own alerts are still being raised', async () => {
    const { alertBook } = graphql.services.alerting;
    for (const project of [BUSY, SMALL]) await graphql.data(CREATE_RULE, { input: RULE }, project);
    await recordCalls(BUSY, 120);
    const changes: string[] = [];
    let wake = (): void => undefined;
    const pauses = [new Promise<void>((resolve) => (wake = resolve))];
    const evaluation = startEvaluation(graphql, {
      pause: () => pauses.shift() ?? new Promise(() => undefined),
      alertBook: {
        ...alertBook,
        async change(projectId, work) {
          changes.push(projectId);
          // Something happens in the small project as soon as the other one has its first alerts.
          if (changes.length === 2) {
            await recordCalls(SMALL, 1);
            graphql.clock.advance(60_000);
            wake();
          }
          return alertBook.change(projectId, work);
        },
      },
    });
    await evaluation.turn();
    await evaluation.stop();
    expect(evaluation.log).toEqual([]);
    expect(changes.filter((project) => project === BUSY)).toHaveLength(12);
    expect(changes.filter((project) => project === SMALL)).toHaveLength(1);
    expect(changes.indexOf(SMALL)).toBeLessThan(10);
  });

  it('lets the rules of others fire while its own evaluations cannot be stored', async () => {
    const { store } = graphql.services;
    await graphql.data(CREATE_RULE, { input: { ...RULE, warning: 1000, groupBy: [] } }, BUSY);
    await graphql.data(CREATE_RULE, { input: RULE }, SMALL);
    await recordCalls(SMALL, 30);
    const refusal = new Error('locked');
    const evaluation = startEvaluation(graphql, {
      store: {
        ...store,
        transact: (key, work) =>
          key === alertsKey(BUSY) ? Promise.reject(refusal) : store.transact(key, work),
      },
    });
    await evaluation.turn();
    graphql.clock.advance(60_000);
    await evaluation.turn();
    await evaluation.stop();
    expect(await store.prisma.alert.count({ where: { projectId: SMALL } })).toBe(30);
    expect(evaluation.log).toMatchObject([{ details: { err: refusal, projectId: BUSY } }]);
  });

  async function addDue(projectId: string, webhookIds: readonly string[], count: number, dueAt: string) {
    const { prisma } = graphql.services.store;
    const webhooks = webhookIds.map((webhookId) => ({
      ...EVERYBODY,
      ...{ projectId, webhookId, id: derivedId(projectId, 'webhooks', webhookId) },
    }));
    await prisma.webhook.createMany({ data: webhooks });
    const data = webhookIds.flatMap((webhookId) =>
      Array.from({ length: count }, (_, number) => ({
        ...{ projectId, webhookId, id: randomUUID(), alertId: `${webhookId}-${number}`, event: 'RAISED' },
        ...{ messageId: `msg_${projectId}_${webhookId}_${number}`, attempt: 1, status: 'SCHEDULED' },
        ...{ payload: {}, scheduledAt: dueAt, createdAt: dueAt, updatedAt: dueAt },
      })),
    );
    await prisma.alertDelivery.createMany({ data });
  }

  it('lets a delivery of others go out at the next free slot', async () => {
    const webhookIds = Array.from({ length: 12 }, (_, number) => `hook-${number}`);
    await addDue(BUSY, webhookIds, 100, at(-3_600_000));
    const outbox = createOutbox({
      ...graphql.services,
      limits: { total: 8, perWebhook: 2 },
      random: () => 0,
    });
    const projectsOf = (claimed: Awaited<ReturnType<typeof outbox.claim>>) =>
      claimed.map(({ deliveries: [{ projectId }] }) => projectId);
    const first = await outbox.claim([]);
    expect(projectsOf(first)).toEqual(Array(8).fill(BUSY));
    await addDue(SMALL, ['only'], 3, at(-1000));
    const underWay = first.slice(1).map(({ deliveries: [delivery] }) => delivery);
    expect(projectsOf(await outbox.claim(underWay))).toEqual([SMALL]);
    // Half of the deliveries belong to each, while both have some and their webhooks may take them.
    expect(projectsOf(await outbox.claim([])).sort()).toEqual([...Array(6).fill(BUSY), SMALL, SMALL]);
  });

  it('lets expired data of others be removed in turn', async () => {
    await recordCalls(BUSY, 60);
    await recordCalls(SMALL, 2);
    graphql.clock.advance(200 * DAY_MS);
    const { store, clock } = graphql.services;
    const rows = async (projectId: string) =>
      (await graphql.data('{ llmCalls { totalCount } }', {}, projectId)).llmCalls.totalCount;
    const removal = new AbortController();
    let batches = 0;
    const exclusively: Store['exclusively'] = (work) => {
      batches++;
      if (batches === 10) removal.abort();
      return store.exclusively(work);
    };
    const limited = {
      ...{
        upkeep: store.upkeep,
        reading: store.reading,
        query: store.query,
        functions: store.functions,
        prisma: store.prisma,
      },
      exclusively,
    };
    const retention = createRetention({ store: limited, clock, datasets, retentionDays: null, batchSize: 2 });
    await retention.run({ signal: removal.signal });
    expect(await rows(SMALL)).toBe(0);
    expect(await rows(BUSY)).toBeGreaterThan(40);
    await retention.run();
    expect(await rows(BUSY)).toBe(0);
  });

  it('shares evaluations with projects that were created on another instance meanwhile', async () => {
    await using other = await startGraphQL(database, { databaseUrl: graphql.databaseUrl });
    const evaluation = startEvaluation(graphql);
    await evaluation.turn();
    await other.services.projects.create({ projectId: 'new' });
    await other.data(CREATE_RULE, { input: RULE }, 'new');
    await other.data(RECORD, { input: [llmCall({ endUser: 'ana', timestamp: at(-1000) })] }, 'new');
    await evaluation.turn();
    await evaluation.stop();
    const { alerts } = await other.data('{ alerts { nodes { labels } } }', {}, 'new');
    expect(alerts.nodes).toEqual([{ labels: { endUser: 'ana' } }]);
  });
});
