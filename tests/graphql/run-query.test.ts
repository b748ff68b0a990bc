import { buildSchema, extendSchema, type GraphQLObjectType, type GraphQLSchema, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { InvalidArgument } from '../../src/core/errors.ts';
import { createFieldBatches } from '../../src/graphql/batch.ts';
import type { Context } from '../../src/graphql/context.ts';
import { MAX_ANSWER_BYTES, runQuery } from '../../src/graphql/run-query.ts';
import type { Analytics, Stats } from '../../src/query/spec.ts';
import { createSchema } from '../../src/schema.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';
import { describeEachDatabase, type TestDatabase } from '../support/databases.ts';
import { errorLog, llmCall, requestLog } from '../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL, type TestGraphQLOptions } from '../support/graphql.ts';

/** Adds a mutation that runs each query of a list at the same time, in the context of the mutation. */
function withRunQueries(schema: GraphQLSchema): GraphQLSchema {
  const extension = 'extend type Mutation { runQueries(queries: [String!]!, variables: JSON): [JSON!] }';
  const extended = extendSchema(schema, parse(extension));
  const field = extended.getMutationType()?.getFields()['runQueries'];
  if (field === undefined) throw new Error('The schema was not extended.');
  field.resolve = (_root, { queries, variables }, context: Context, info) =>
    Promise.all(
      queries.map((source: string, index: number) =>
        runQuery({
          schema: info.schema,
          context,
          limits: context.services.config.limits,
          source,
          argument: `queries.${index}`,
          variables,
        }),
      ),
    );
  return extended;
}

function start(database: TestDatabase, options?: TestGraphQLOptions): Promise<TestGraphQL> {
  return startGraphQL(database, { ...options, extend: withRunQueries });
}

const RUN =
  'mutation ($queries: [String!]!, $variables: JSON) { runQueries(queries: $queries, variables: $variables) }';
const RECORD = 'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted } }';

function activity(...latencies: number[]) {
  const timestamp = new Date(Date.parse(NOW) - 60_000).toISOString();
  return {
    requestLogs: [requestLog('r-1', { timestamp })],
    llmCalls: latencies.map((latencyMs) => llmCall({ requestId: 'r-1', latencyMs, timestamp })),
  };
}

describe('queries in the context of one operation', () => {
  it('share no batches, also when they ask the same field in the same tick', async () => {
    const load = createFieldBatches<string, string>();
    const schema = buildSchema('type Query { items: [Item!]! } type Item { text(suffix: String!): String }');
    const all = [{ key: 'a' }, { key: 'b' }];
    const { items } = schema.getQueryType()?.getFields() ?? {};
    const { text } = (schema.getType('Item') as GraphQLObjectType).getFields();
    if (items === undefined || text === undefined) throw new Error('The schema has no such fields.');
    items.resolve = () => all;
    // As the relations of a dataset do: what is loaded depends on the selection of the first caller.
    text.resolve = ({ key }, { suffix }, context, info) =>
      load(context, info, key, async (keys) => new Map(keys.map((each) => [each, each + suffix])));
    const context = { projectId: 'default' } as Context;
    const limits = loadConfig({}).limits;
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

describeEachDatabase('runQuery', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await start(database, { environment: { MAX_QUERY_DEPTH: '6' } });
    await graphql.data(RECORD, { input: activity(100, 200) });
    await graphql.data(RECORD, { input: activity(5000) }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const run = (queries: readonly string[], variables: object | null = null, projectId?: string) =>
    graphql.run(RUN, { queries, variables }, projectId);

  it('answers what a client gets for the same query', async () => {
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
      context: { services: graphql.services, projectId: 'default' },
      limits: graphql.services.config.limits,
      source: '{ b: __typename llmCalls(first: 1) { nodes { timestamp provider } } a: __typename }',
      argument: 'query',
    });
    const timestamp = new Date(Date.parse(NOW) - 60_000).toISOString();
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

  it('answers several queries at a time', async () => {
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
    ['mutation { __typename }', /^queries\.0 takes a query.+this is a mutation\.$/],
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

describeEachDatabase('runQuery, when something breaks', (database) => {
  /** The first field has an error that a caller may see; the second one answers what the test wants. */
  const QUERY = '{ node(id: "x") { id } llmCallAnalytics(range: { last: "PT1H" }) { totals { count } } }';

  async function runWithTotals(totals: () => Promise<unknown>) {
    await using graphql = await start(database, {
      replace: ({ analytics }) => ({ analytics: { ...analytics, totals } as Analytics }),
    });
    const { data, errors = [] } = await graphql.run(RUN, { queries: [QUERY] });
    return { data, errors, log: graphql.log };
  }

  it('lets the operation around it hide and log what is unexpected', async () => {
    const secret = new Error('password=hunter2');
    const { errors, log } = await runWithTotals(() => Promise.reject(secret));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ path: ['runQueries'], extensions: { code: 'INTERNAL' } });
    expect(JSON.stringify(errors)).not.toContain('hunter2');
    const { correlationId } = errors[0]?.extensions ?? {};
    expect(log).toEqual([{ correlationId, err: secret, path: ['runQueries'] }]);
  });

  it('tells a database that is away from a query that is wrong', async () => {
    const { errors } = await runWithTotals(() => Promise.reject(new StorageUnavailable('gone')));
    expect(errors).toMatchObject([{ path: ['runQueries'], extensions: { code: 'OVERLOADED' } }]);
  });

  it('takes a value that its type refuses for a mistake of ours', async () => {
    const value: Stats = { rowCount: 0.5, successCount: null, measures: new Map() };
    const { errors, log } = await runWithTotals(async () => ({ value, source: {} }));
    expect(errors).toMatchObject([{ path: ['runQueries'], extensions: { code: 'INTERNAL' } }]);
    expect(log).toMatchObject([{ err: { message: expect.stringContaining('0.5') }, path: ['runQueries'] }]);
  });

  it('answers with the errors that a caller may see when nothing is unexpected', async () => {
    const { data, errors } = await runWithTotals(() =>
      Promise.reject(new InvalidArgument('Wrong.', 'range')),
    );
    expect(errors).toEqual([]);
    expect(data.runQueries).toEqual([
      {
        errors: [
          { message: expect.stringMatching(/^"x" is no id/), path: ['node'] },
          { message: 'Wrong.', path: ['llmCallAnalytics', 'totals'] },
        ],
      },
    ]);
  });
});

describeEachDatabase('the answer of runQuery', (database) => {
  it('has at most a mebibyte, and at most 20 errors', async () => {
    await using graphql = await start(database);
    const timestamp = new Date(Date.parse(NOW) - 60_000).toISOString();
    // Two bytes a character: 31 of them fit, 32 and what stands around them do not.
    const stackTrace = 'ü'.repeat(MAX_ANSWER_BYTES / 32 / 2);
    await graphql.data(RECORD, {
      input: {
        errorLogs: Array.from({ length: 32 }, () => errorLog({ stackTrace, timestamp })),
      },
    });
    const traces = (first: number) => `{ errorLogs(first: ${first}) { nodes { stackTrace } } }`;
    const faults = `{ ${Array.from({ length: 21 }, (_, n) => `n${n}: node(id: "x") { id }`).join(' ')} }`;
    const { data } = await graphql.run(RUN, { queries: [traces(31), traces(32), faults] });
    const [fits, tooLong, faulty] = data.runQueries;
    expect(fits.data.errorLogs.nodes).toEqual(Array(31).fill({ stackTrace }));
    expect(tooLong).toEqual({
      errors: [
        { message: expect.stringMatching(/^The answer has 104\d{4} bytes; at most 1048576\./), path: [] },
      ],
    });
    expect(faulty.errors.map(({ path }: { path: string[] }) => path)).toEqual(
      Array.from({ length: 20 }, (_, n) => [`n${n}`]),
    );
  });
});
