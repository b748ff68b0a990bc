import { buildSchema, type GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import type { Context } from '../../src/graphql/context.ts';
import { createFieldBatches } from '../../src/graphql/entities/field-batches.ts';
import { runQuery } from '../../src/graphql/run-query.ts';
import { createSchema } from '../../src/schema.ts';
import { callerOf } from '../support/callers.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall, requestLog } from '../support/events.ts';
import { NOW, type TestGraphQL } from '../support/graphql.ts';
import { createTestClock } from '../support/test-clock.ts';
import { RECORD, RUN_QUERIES, startWithRunQueries } from './support/run-queries.ts';

const timestamp = new Date(Date.parse(NOW) - 60_000).toISOString();

function activity(...latencies: number[]) {
  return {
    requestLogs: [requestLog('r-1', { timestamp })],
    llmCalls: latencies.map((latencyMs) => llmCall({ requestId: 'r-1', latencyMs, timestamp })),
  };
}

describeEachDatabase('runQuery', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startWithRunQueries(database, { environment: { MAX_QUERY_DEPTH: '6' } });
    await graphql.data(RECORD, { input: activity(100, 200) });
    await graphql.data(RECORD, { input: activity(5000) }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const run = (queries: readonly string[], variables: object | null = null, projectId?: string) =>
    graphql.run(RUN_QUERIES, { queries, variables }, projectId);

  it('returns what a client receives for the same query', async () => {
    const query = `query Calls($last: Duration!) {
      llmCallAnalytics(range: { last: $last }) { totals { count latencyMs { avg max } } source { kind } }
      llmCalls(orderBy: { field: LATENCY_MS, direction: ASC }) { nodes { id timestamp latencyMs cost attributes } }
      __typename
    }`;
    const { data } = await run([query], { last: 'PT1H' });
    const direct = await graphql.data(query, { last: 'PT1H' });
    expect(direct.llmCallAnalytics.totals).toEqual({ count: 2, latencyMs: { avg: 150, max: 200 } });
    expect(data.runQueries).toEqual([{ data: direct }]);
  });

  it('is plain JSON, with the fields in the order of the query', async () => {
    const run = await runQuery({
      schema: createSchema(),
      context: { services: graphql.services, projectId: 'default', caller: callerOf() },
      limits: graphql.services.config.limits,
      source: '{ b: __typename llmCalls(first: 1) { nodes { timestamp provider } } a: __typename }',
      argument: 'query',
    });
    expect(run).toStrictEqual({
      data: { b: 'Query', llmCalls: { nodes: [{ timestamp, provider: 'openai' }] }, a: 'Query' },
    });
    expect('data' in run && Object.keys(run.data)).toEqual(['b', 'llmCalls', 'a']);
  });

  it('stays within the project of the caller', async () => {
    const query = '{ llmCalls { nodes { latencyMs } } requestLogs { nodes { llmCalls { latencyMs } } } }';
    const { data } = await run([query], null, 'another-project');
    expect(data.runQueries).toEqual([
      {
        data: {
          llmCalls: { nodes: [{ latencyMs: 5000 }] },
          requestLogs: { nodes: [{ llmCalls: [{ latencyMs: 5000 }] }] },
        },
      },
    ]);
    const nobody = await run(['{ llmCalls { nodes { latencyMs } } }'], null, 'a-third-project');
    expect(nobody.data.runQueries).toEqual([{ data: { llmCalls: { nodes: [] } } }]);
  });

  it('answers several queries at the same time', async () => {
    const queries = ['latencyMs', 'provider model', 'model requestLog { endpoint }'].map(
      (fields) => `{ requestLogs { nodes { llmCalls(first: 1) { ${fields} } } } }`,
    );
    const { data } = await run(queries);
    const answer = (call: object) => ({ data: { requestLogs: { nodes: [{ llmCalls: [call] }] } } });
    expect(data.runQueries).toEqual([
      answer({ latencyMs: expect.any(Number) }),
      answer({ provider: 'openai', model: 'gpt-4o-mini' }),
      answer({ model: 'gpt-4o-mini', requestLog: { endpoint: '/chat' } }),
    ]);
  });

  it.each([
    ['mutation { __typename }', /^queries\.0 takes a read-only query.+this is a mutation\.$/],
    ['subscription { llmCallRecorded { id } }', /this is a subscription\.$/],
    ['{ llmCals { nodes { id } } }', /Cannot query field "llmCals".+\(1:3\)/],
    ['{ llmCalls { edges { node { requestLog { llmCalls { requestLog { id } } } } } } }', /MAX_QUERY_DEPTH/],
  ])('refuses %s as an argument of its caller', async (query, message) => {
    const { data, errors } = await run([query]);
    expect(data.runQueries).toBeNull();
    expect(errors).toEqual([
      {
        message: expect.stringMatching(message),
        path: ['runQueries'],
        locations: [expect.anything()],
        extensions: { code: 'BAD_USER_INPUT', argument: 'queries.0' },
      },
    ]);
  });

  it('writes nothing', async () => {
    const before = await graphql.data('{ llmCalls { nodes { id } } }');
    const input = '[{ provider: "p", model: "m", latencyMs: 1 }]';
    const { errors } = await run([`mutation { recordLlmCalls(input: ${input}) { accepted } }`]);
    expect(errors).toHaveLength(1);
    expect(await graphql.data('{ llmCalls { nodes { id } } }')).toEqual(before);
  });

  it('answers with the errors that a caller may see', async () => {
    const { data } = await run(
      [
        '{ good: llmCalls { nodes { id } } llmCalls(first: 0) { nodes { id } } }',
        'query ($n: Int!) { llmCalls(first: $n) { nodes { id } } }',
        '{ requestLogs { nodes { llmCalls(first: 501) { id } } } }',
      ],
      { n: 'many' },
    );
    expect(data.runQueries).toEqual([
      { errors: [{ message: expect.stringMatching(/first/), path: ['llmCalls'] }] },
      { errors: [{ message: expect.stringMatching(/^Variable "\$n" got invalid value "many"/), path: [] }] },
      {
        errors: [{ message: expect.stringMatching(/first/), path: ['requestLogs', 'nodes', 0, 'llmCalls'] }],
      },
    ]);
    expect(graphql.log).toEqual([]);
  });
});

describe('queries in the context of one operation', () => {
  it('share no batches, even if they ask for the same field in the same tick', async () => {
    const load = createFieldBatches<string, string>();
    const schema = buildSchema('type Query { items: [Item!]! } type Item { text(suffix: String!): String }');
    const all = [{ key: 'a' }, { key: 'b' }];
    const { items } = schema.getQueryType()?.getFields() ?? {};
    const { text } = (schema.getType('Item') as GraphQLObjectType).getFields();
    if (items === undefined || text === undefined) throw new Error('The schema has no such fields.');
    items.resolve = () => all;
    // Like the relations of a dataset, which load what the first caller selects.
    text.resolve = ({ key }, { suffix }, _context, info) =>
      load(info, key, async (keys) => new Map(keys.map((each) => [each, each + suffix])));
    const config = loadConfig({});
    const { limits } = config;
    const store = { reading: (_scope: object, work: () => unknown) => work() };
    const services = { clock: createTestClock(NOW), config, store };
    const context = { projectId: 'default', caller: callerOf(), services } as unknown as Context;
    const runs = ['1', '2'].map((suffix) => {
      const source = `{ items { text(suffix: "${suffix}") } }`;
      return runQuery({ schema, context, limits, source, argument: 'query' });
    });
    expect(await Promise.all(runs)).toEqual([
      { data: { items: [{ text: 'a1' }, { text: 'b1' }] } },
      { data: { items: [{ text: 'a2' }, { text: 'b2' }] } },
    ]);
  });
});
