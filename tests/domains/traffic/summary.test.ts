import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { alert, errorLog, generation, llmCall, requestLog, techniqueUsage } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD =
  'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted rejected { message } } }';
const NUMBERS =
  'requests errors llmCalls unpricedLlmCalls successRate tokens totalCost averageLatencyMs p95LatencyMs cacheHitRate generations generationSuccessRate activeAgents openAlerts';
const HOUR = 'range: { last: "PT1H" }';

/**
 * Two requests, four calls of three models, three uses of techniques, an error, two generations:
 * all within the last hour.
 */
const ACTIVITY = {
  requestLogs: [
    requestLog('r-1', { timestamp: '2026-11-22T11:30:10Z', latencyMs: 40 }),
    requestLog('r-2', { timestamp: '2026-11-22T11:30:50Z', latencyMs: 60, statusCode: 500 }),
  ],
  llmCalls: [
    { provider: 'one', model: 'a', latencyMs: 100, cost: 0.2, promptTokens: 30, completionTokens: 10 },
    { provider: 'one', model: 'a', latencyMs: 300, cost: 0.1, promptTokens: 20, cached: true },
    { provider: 'one', model: 'b', latencyMs: 200, cost: 0.1, promptTokens: 20, statusCode: 500 },
    { provider: 'two', model: 'nobody-knows', latencyMs: 200, promptTokens: 20 },
  ].map((call) => llmCall({ ...call, timestamp: '2026-11-22T11:30:00Z' })),
  techniqueUsages: [
    { techniqueSuite: 'few-shot', potencyLevel: 3, success: true, transformersCount: 2 },
    { techniqueSuite: 'few-shot', potencyLevel: 3, success: false, transformersCount: 5 },
    { techniqueSuite: 'role-play', potencyLevel: 9, success: false },
  ].map((usage) => techniqueUsage({ ...usage, timestamp: '2026-11-22T11:30:00Z' })),
  errorLogs: [errorLog({ timestamp: '2026-11-22T11:30:00Z' })],
  generations: [
    generation('g-1', { timestamp: '2026-11-22T11:30:00Z' }),
    generation('g-2', { timestamp: '2026-11-22T11:30:00Z', errorType: 'timeout' }),
  ],
};

describeEachDatabase('named queries', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    expect((await graphql.data(RECORD, { input: ACTIVITY })).recordActivity).toEqual({
      accepted: 12,
      rejected: [],
    });
    await graphql.data(RECORD, { input: ACTIVITY }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  describe('summary', () => {
    it('gives the numbers for the head of a dashboard', async () => {
      const { summary } = await graphql.data(`{ summary(${HOUR}) { range { from to } ${NUMBERS} } }`);
      expect(summary).toEqual({
        range: { from: '2026-11-22T11:00:00.000Z', to: '2026-11-22T12:00:00.000Z' },
        requests: 2,
        errors: 1,
        llmCalls: 4,
        unpricedLlmCalls: 1,
        successRate: 0.75,
        tokens: 100,
        totalCost: 0.4,
        averageLatencyMs: 200,
        p95LatencyMs: expect.closeTo(285, -1.5),
        cacheHitRate: 0.25,
        generations: 2,
        generationSuccessRate: 0.5,
        activeAgents: 0,
        openAlerts: 0,
      });
    });

    it('has no rates, latencies and cost without events', async () => {
      const { summary } = await graphql.data(
        `{ summary(range: { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }) { ${NUMBERS} } }`,
      );
      expect(summary).toEqual({
        requests: 0,
        errors: 0,
        llmCalls: 0,
        unpricedLlmCalls: 0,
        successRate: null,
        tokens: 0,
        totalCost: 0,
        averageLatencyMs: null,
        p95LatencyMs: null,
        cacheHitRate: null,
        generations: 0,
        generationSuccessRate: null,
        activeAgents: 0,
        openAlerts: 0,
      });
    });

    it('does not report unknown cost as 0', async () => {
      await using unpriced = await startGraphQL(database);
      const calls = [llmCall({ provider: 'two', model: 'nobody-knows', timestamp: '2026-11-22T11:30:00Z' })];
      await unpriced.data(RECORD, { input: { llmCalls: calls } });
      const { summary } = await unpriced.data(`{ summary(${HOUR}) { llmCalls unpricedLlmCalls totalCost } }`);
      expect(summary).toEqual({ llmCalls: 1, unpricedLlmCalls: 1, totalCost: null });
    });

    it('counts the alerts that are not resolved now, whenever they were raised', async () => {
      await using alerting = await startGraphQL(database);
      const raise = (alertId: string, projectId = 'default') =>
        alerting.data(
          'mutation ($input: RaiseAlertInput!) { raiseAlert(input: $input) { created } }',
          { input: alert(alertId, { raisedAt: '2026-01-01T00:00:00Z' }) },
          projectId,
        );
      for (const alertId of ['open', 'taken', 'over']) await raise(alertId);
      await raise('theirs', 'another-project');
      await alerting.data(`mutation {
        acknowledgeAlert(input: { alertId: "taken", acknowledgedBy: "ada" }) { alert { uuid } }
        resolveAlert(input: { alertId: "over", resolvedBy: "ada" }) { alert { uuid } }
      }`);
      expect(await alerting.data(`{ summary(${HOUR}) { openAlerts } }`)).toEqual({
        summary: { openAlerts: 2 },
      });
    });

    it('queries only selected fields', async () => {
      const statements = (fields: string) =>
        graphql.countStatements(() => graphql.data(`{ summary(${HOUR}) { ${fields} } }`));
      expect(await statements('range { from }')).toBe(0);
      const one = await statements('requests');
      expect(one).toBeGreaterThan(0);
      expect(await statements('llmCalls tokens p95LatencyMs')).toBe(one);
      expect(await statements('requests errors')).toBe(2 * one);
      expect(await statements('generations generationSuccessRate')).toBe(one);
      expect(await statements('totalCost llmCalls generations')).toBe(2 * one);
      expect(await statements('openAlerts')).toBe(1);
    });
  });

  it('providerStats give the totals of each provider', async () => {
    const { providerStats } = await graphql.data(`{
      providerStats(${HOUR}) {
        provider calls unpricedCalls successRate averageLatencyMs p95LatencyMs tokens cost shareOfCalls shareOfTokens shareOfCost
      }
    }`);
    expect(providerStats).toEqual([
      {
        provider: 'one',
        calls: 3,
        unpricedCalls: 0,
        successRate: 2 / 3,
        averageLatencyMs: 200,
        p95LatencyMs: expect.closeTo(290, -1.5),
        tokens: 80,
        cost: 0.4,
        shareOfCalls: 0.75,
        shareOfTokens: 0.8,
        shareOfCost: 1,
      },
      {
        provider: 'two',
        calls: 1,
        unpricedCalls: 1,
        successRate: 1,
        averageLatencyMs: 200,
        p95LatencyMs: expect.closeTo(200, -1),
        tokens: 20,
        cost: null,
        shareOfCalls: 0.25,
        shareOfTokens: 0.2,
        shareOfCost: null,
      },
      // Only generations without a cost.
      expect.objectContaining({ provider: 'openai', calls: 0, cost: null, shareOfCost: null }),
    ]);
  });

  it('modelStats group by model', async () => {
    const { modelStats } = await graphql.data(
      `{ modelStats(${HOUR}, first: 1) { provider model calls cost shareOfCost } }`,
    );
    expect(modelStats).toEqual([
      {
        provider: 'one',
        model: 'a',
        calls: 2,
        cost: expect.closeTo(0.3, 9),
        shareOfCost: expect.closeTo(0.75, 9),
      },
    ]);
  });

  it('techniqueStats show how well suites work', async () => {
    const { techniqueStats } = await graphql.data(`{
      techniqueStats(${HOUR}) { techniqueSuite potencyLevel uses successRate averageTransformers shareOfUses }
    }`);
    expect(techniqueStats).toEqual([
      {
        techniqueSuite: 'few-shot',
        potencyLevel: 3,
        uses: 2,
        successRate: 0.5,
        averageTransformers: 3.5,
        shareOfUses: 2 / 3,
      },
      {
        techniqueSuite: 'role-play',
        potencyLevel: 9,
        uses: 1,
        successRate: 0,
        averageTransformers: 0,
        shareOfUses: 1 / 3,
      },
    ]);
  });

  it('latencySeries give every minute of the last hour', async () => {
    const { latencySeries } = await graphql.data(
      '{ latencySeries { start end requests averageLatencyMs p95LatencyMs } }',
    );
    expect(latencySeries).toHaveLength(60);
    expect(latencySeries[30]).toEqual({
      start: '2026-11-22T11:30:00.000Z',
      end: '2026-11-22T11:31:00.000Z',
      requests: 2,
      averageLatencyMs: 50,
      p95LatencyMs: expect.closeTo(60, -1),
    });
    expect(latencySeries[31]).toMatchObject({ requests: 0, averageLatencyMs: null, p95LatencyMs: null });
  });

  describe('summaryChanged', () => {
    it('sends the summary at once, and again when a selected number has changed', async () => {
      await using watched = await startGraphQL(database);
      const stream = await watched.subscribe(
        'subscription { summaryChanged(window: "PT1H", every: "PT1S") { llmCalls tokens range { to } } }',
      );
      const next = async () => (await stream.next()).value.data.summaryChanged;
      expect(await next()).toMatchObject({ llmCalls: 0, tokens: 0 });
      const changed = next();
      // A number that is not selected triggers nothing, and neither does a new range.
      await watched.data(RECORD, { input: { errorLogs: ACTIVITY.errorLogs } });
      watched.clock.advance(1000);
      await watched.data(RECORD, { input: { llmCalls: ACTIVITY.llmCalls } });
      expect(await changed).toMatchObject({ llmCalls: 4, tokens: 100 });
      const waiting = stream.next();
      await stream.return?.();
      expect(await waiting).toEqual({ done: true, value: undefined });
    });

    it('counts open alerts', async () => {
      await using watched = await startGraphQL(database);
      const stream = await watched.subscribe(
        'subscription { summaryChanged(window: "PT1H", every: "PT1S") { openAlerts } }',
      );
      const next = async () => (await stream.next()).value.data.summaryChanged;
      expect(await next()).toEqual({ openAlerts: 0 });
      const changed = next();
      await watched.data('mutation ($input: RaiseAlertInput!) { raiseAlert(input: $input) { created } }', {
        input: alert('a'),
      });
      expect(await changed).toEqual({ openAlerts: 1 });
      await stream.return?.();
    });

    it.each([
      ['window: "PT1H", every: "PT0.5S"', 'every'],
      ['window: "PT1H", every: "P2D"', 'every'],
      ['window: "PT0S"', 'window'],
      ['window: "-PT1H"', 'window'],
    ])('refuses %s', async (args, argument) => {
      await expect(
        graphql.subscribe(`subscription { summaryChanged(${args}) { requests } }`),
      ).rejects.toThrow(`"argument": "${argument}"`);
    });
  });
});
