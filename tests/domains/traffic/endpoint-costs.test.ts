import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callsQuery } from '../../../src/domains/traffic/endpoint-costs/read-endpoint-costs.ts';
import { notOnCitus } from '../../support/citus.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall, RECORD_ACTIVITY, requestLog } from '../../support/events.ts';
import { ago, NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { queryPlan } from '../../support/query-plan.ts';

const ASK = `query ($range: TimeRangeInput!, $filter: RequestLogFilter, $first: Int) {
  endpointCosts(range: $range, filter: $filter, first: $first) {
    endpoint requests llmCalls unpricedLlmCalls cost llmCallsPerRequest costPerRequest
  }
}`;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describeEachDatabase('endpointCosts', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const record = (project: string, input: object) => graphql.data(RECORD_ACTIVITY, { input }, project);
  const ask = async (project: string, variables: object = {}) =>
    (await graphql.data(ASK, { range: { last: 'P1D' }, ...variables }, project)).endpointCosts;

  it('counts the calls of each request, no matter where and when they were recorded', async () => {
    const timestamp = ago(MINUTE_MS);
    await record('shop', { llmCalls: [llmCall({ requestId: 'r1', cost: 2, timestamp: ago(-MINUTE_MS) })] });
    await record('shop', {
      requestLogs: [
        requestLog('r1', { timestamp, service: 'shop' }),
        requestLog('r2', { timestamp }),
        requestLog('r3', { timestamp, endpoint: '/dear' }),
        requestLog('r4', { timestamp, endpoint: '/unknown' }),
        requestLog('r5', { timestamp, endpoint: '/unknown' }),
        requestLog('r6', { timestamp, endpoint: '/none' }),
      ],
    });
    const unpriced = { provider: 'in-house', model: 'unpriced' };
    await record('shop', {
      llmCalls: [
        llmCall({ requestId: 'r1', timestamp, ...unpriced }),
        llmCall({ requestId: 'r3', cost: 5, timestamp }),
        llmCall({ requestId: 'r4', ...unpriced }),
      ],
    });
    // The same ids in another project belong to other requests.
    await record('other', { llmCalls: [llmCall({ requestId: 'r1', cost: 100, timestamp })] });
    const DEAR = { endpoint: '/dear', requests: 1, llmCalls: 1, unpricedLlmCalls: 0, cost: 5 };
    const CHAT = { endpoint: '/chat', requests: 2, llmCalls: 2, unpricedLlmCalls: 1, cost: 2 };
    const UNKNOWN = { endpoint: '/unknown', requests: 2, llmCalls: 1, unpricedLlmCalls: 1, cost: null };
    const dear = { ...DEAR, llmCallsPerRequest: 1, costPerRequest: 5 };
    expect(await ask('shop')).toEqual([
      dear,
      { ...CHAT, llmCallsPerRequest: 1, costPerRequest: 1 },
      { ...UNKNOWN, llmCallsPerRequest: 0.5, costPerRequest: null },
    ]);
    expect(await ask('shop', { first: 1 })).toEqual([dear]);
    expect(await ask('shop', { filter: { service: { eq: 'shop' } } })).toEqual([
      { ...CHAT, requests: 1, llmCallsPerRequest: 2, costPerRequest: 2 },
    ]);
    expect(await ask('other')).toEqual([]);
  });

  it('covers the range for which the rows of both are kept, and says so', async () => {
    for (const days of [5, 1]) {
      graphql.clock.set(Date.parse(ago(days * DAY_MS)));
      await record('kept', {
        requestLogs: [requestLog(`r${days}`, { timestamp: ago(days * DAY_MS) })],
        llmCalls: [llmCall({ requestId: `r${days}`, cost: 1, timestamp: ago(days * DAY_MS) })],
      });
    }
    graphql.clock.set(Date.parse(NOW));
    await graphql.data(
      'mutation ($input: SetRetentionPolicyInput!) { setRetentionPolicy(input: $input) { retentionPolicy { dataset } } }',
      { input: { dataset: 'llmCalls', rowDays: 2 } },
      'kept',
    );
    await graphql.services.retention.run();
    const { data, extensions } = await graphql.run(ASK, { range: { last: 'P7D' } }, 'kept');
    expect(data.endpointCosts).toMatchObject([{ requests: 1, llmCalls: 1, cost: 1 }]);
    expect(extensions.kept).toMatchObject([
      { dataset: 'llmCalls', answered: { from: '2026-11-20T00:00:00.000Z' } },
    ]);
  });

  it('refuses a number of endpoints below 1', async () => {
    const { errors } = await graphql.run(ASK, { range: { last: 'P1D' }, first: 101 });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } });
  });

  it.skipIf(notOnCitus('PLANS'))('finds requests by time, and the calls of each by its id', async () => {
    const ids = Array.from({ length: 1_000 }, (_, number) => `many-${number}`);
    await record('many', {
      requestLogs: ids.map((id, number) => requestLog(id, { timestamp: ago(number * MINUTE_MS) })),
      llmCalls: ids.map((requestId, number) => llmCall({ requestId, timestamp: ago(number * MINUTE_MS) })),
    });
    const { store } = graphql.services;
    await store.query.executeQuery(CompiledQuery.raw('analyze'));
    const range = { from: Date.parse(ago(10 * MINUTE_MS)), to: Date.parse(NOW) };
    const statement = callsQuery(store, { projectId: 'many', range, filter: null, first: 10 }).compile();
    const plan = (await queryPlan(store, statement)).join('\n');
    expect(plan).toContain('request_logs_project_id_timestamp_idx');
    expect(plan).toContain('llm_calls_project_id_request_id_idx');
    expect(plan).not.toMatch(/SCAN (call|request_logs|llm_calls)|Seq Scan/);
  });
});
