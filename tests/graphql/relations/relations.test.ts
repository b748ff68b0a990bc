import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { errorLog, llmCall, requestLog, techniqueUsage, uuidOf } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD =
  'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted ids rejected { message } } }';

/**
 * Request n has n calls, one technique and, when n is even, an error; they are recorded in mixed
 * order.
 */
function activity(requests: readonly number[]) {
  const at = (second: number) => new Date(Date.parse(NOW) - 3_600_000 + second * 1000).toISOString();
  const calls = requests.flatMap((number) =>
    Array.from({ length: number }, (_, index) =>
      llmCall({ requestId: `r-${number}`, model: `call-${index}`, timestamp: at(index) }),
    ),
  );
  return {
    requestLogs: requests.map((number) => requestLog(`r-${number}`, { timestamp: at(number) })),
    llmCalls: calls.reverse(),
    techniqueUsages: requests.map((number) =>
      techniqueUsage({ requestId: `r-${number}`, potencyLevel: number }),
    ),
    errorLogs: requests
      .filter((number) => number % 2 === 0)
      .map((number) => errorLog({ requestId: `r-${number}`, errorType: `error-${number}` })),
  };
}

describeEachDatabase('relations', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    await graphql.data(RECORD, { input: activity([1, 2, 3, 4]) });
    await graphql.data(RECORD, {
      input: {
        llmCalls: [llmCall({ id: uuidOf(1), requestId: 'not-recorded' }), llmCall({ id: uuidOf(2) })],
      },
    });
    await graphql.data(RECORD, { input: activity([1]) }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('lead from requests to the events that belong to them, oldest first', async () => {
    const { requestLogs } = await graphql.data(`{
      requestLogs(orderBy: { field: TIMESTAMP, direction: ASC }) {
        nodes { requestId llmCalls { model } techniqueUsages { potencyLevel } errorLogs { errorType } }
      }
    }`);
    expect(requestLogs.nodes).toEqual(
      [1, 2, 3, 4].map((number) => ({
        requestId: `r-${number}`,
        llmCalls: Array.from({ length: number }, (_, index) => ({ model: `call-${index}` })),
        techniqueUsages: [{ potencyLevel: number }],
        errorLogs: number % 2 === 0 ? [{ errorType: `error-${number}` }] : [],
      })),
    );
  });

  it('lead back', async () => {
    const { llmCalls } = await graphql.data(
      `{ llmCalls { nodes { requestId requestLog { requestId endpoint } } } }`,
    );
    expect(llmCalls.nodes).toHaveLength(12);
    for (const { requestId, requestLog } of llmCalls.nodes) {
      const known = requestId !== null && requestId !== 'not-recorded';
      expect(requestLog).toEqual(known ? { requestId, endpoint: '/chat' } : null);
    }
  });

  it('have a limit per request', async () => {
    const { requestLogs } = await graphql.data(`{
      requestLogs(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { llmCalls(first: 2) { model } } }
    }`);
    expect(requestLogs.nodes.map(({ llmCalls }: { llmCalls: object[] }) => llmCalls.length)).toEqual([
      1, 2, 2, 2,
    ]);
    const { errors } = await graphql.run('{ requestLogs { nodes { llmCalls(first: 0) { model } } } }');
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'first' } });
  });

  it('can be selected several times, with different arguments and fields', async () => {
    const { requestLogs } = await graphql.data(`{
      requestLogs(orderBy: { field: TIMESTAMP, direction: DESC }, first: 1) {
        nodes { one: llmCalls(first: 1) { model } all: llmCalls { latencyMs requestLog { llmCalls(first: 3) { model } } } }
      }
    }`);
    expect(requestLogs.nodes).toEqual([
      {
        one: [{ model: 'call-0' }],
        all: Array(4).fill({
          latencyMs: 100,
          requestLog: { llmCalls: [{ model: 'call-0' }, { model: 'call-1' }, { model: 'call-2' }] },
        }),
      },
    ]);
  });

  it('may differ below objects of different types at the same path', async () => {
    const call = uuidOf(3);
    await graphql.data(RECORD, {
      input: {
        llmCalls: [llmCall({ id: call, requestId: 'r-9', model: 'late', latencyMs: 9 })],
        techniqueUsages: [techniqueUsage({ id: uuidOf(4), requestId: 'r-3' })],
        requestLogs: [requestLog('r-9')],
      },
    });
    const query = `query ($ids: [ID!]!) {
      nodes(ids: $ids) {
        ... on LlmCall { request: requestLog { llmCalls(first: 1) { model } endpoint } }
        ... on TechniqueUsage { request: requestLog { llmCalls(first: 2) { latencyMs } method } }
      }
    }`;
    const expected = [
      { request: { llmCalls: [{ model: 'late' }], endpoint: '/chat' } },
      { request: { llmCalls: [{ latencyMs: 100 }, { latencyMs: 100 }], method: 'POST' } },
    ];
    const ids = [`LlmCall:${call}`, `TechniqueUsage:${uuidOf(4)}`];
    expect((await graphql.data(query, { ids })).nodes).toEqual(expected);
    const turned = await graphql.data(query, { ids: ids.toReversed() });
    expect(turned.nodes).toEqual(expected.toReversed());
  });

  it('cost the same number of statements for one request and for many', async () => {
    const statements = (first: number) =>
      graphql.countStatements(() =>
        graphql.data(
          `query ($first: Int) {
            requestLogs(first: $first) {
              nodes {
                endpoint
                llmCalls { model requestLog { method errorLogs { severity } } }
                techniqueUsages { success }
                errorLogs { severity }
              }
            }
          }`,
          { first },
        ),
      );
    const one = await statements(1);
    expect(await statements(4)).toBe(one);
    // One statement for each list and each relation.
    expect(one).toBe(1 + 5);
  });

  it('stay within the project', async () => {
    const { requestLogs } = await graphql.data(
      '{ requestLogs { nodes { requestId llmCalls { model } } } }',
      {},
      'another-project',
    );
    expect(requestLogs.nodes).toEqual([{ requestId: 'r-1', llmCalls: [{ model: 'call-0' }] }]);
  });
});

describeEachDatabase('node and nodes', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const calls = [1, 2, 3].map((number) =>
      llmCall({ id: uuidOf(number), model: `m-${number}`, requestId: 'r-1' }),
    );
    await graphql.data(RECORD, { input: { requestLogs: [requestLog('r-1')], llmCalls: calls } });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('return any type by its id', async () => {
    const { requestLogs } = await graphql.data('{ requestLogs { nodes { id } } }');
    const requestId = requestLogs.nodes[0].id;
    expect(requestId).toMatch(/^RequestLog:[0-9a-f-]{36}$/);
    const data = await graphql.data(
      `query ($ids: [ID!]!) {
        node(id: "LlmCall:${uuidOf(2).toUpperCase()}") { __typename id }
        nodes(ids: $ids) { id ... on LlmCall { model requestLog { endpoint } } ... on RequestLog { method llmCalls { model } } }
      }`,
      { ids: [`LlmCall:${uuidOf(3)}`, requestId, `LlmCall:${uuidOf(9)}`, `LlmCall:${uuidOf(1)}`] },
    );
    expect(data).toEqual({
      node: { __typename: 'LlmCall', id: `LlmCall:${uuidOf(2)}` },
      nodes: [
        { id: `LlmCall:${uuidOf(3)}`, model: 'm-3', requestLog: { endpoint: '/chat' } },
        { id: requestId, method: 'POST', llmCalls: [{ model: 'm-1' }, { model: 'm-2' }, { model: 'm-3' }] },
        null,
        { id: `LlmCall:${uuidOf(1)}`, model: 'm-1', requestLog: { endpoint: '/chat' } },
      ],
    });
  });

  it('query once per type, for any number of ids', async () => {
    const ids = [1, 2, 3, 1].map((number) => `LlmCall:${uuidOf(number)}`);
    const statements = await graphql.countStatements(() =>
      graphql.data('query ($ids: [ID!]!) { nodes(ids: $ids) { ... on LlmCall { model } } }', { ids }),
    );
    expect(statements).toBe(1);
  });

  it('stay within the project', async () => {
    const { node } = await graphql.data(`{ node(id: "LlmCall:${uuidOf(1)}") { id } }`, {}, 'another-project');
    expect(node).toBeNull();
  });

  it.each([
    ['{ node(id: "nothing") { id } }', 'id'],
    [`{ node(id: "Unicorn:${uuidOf(1)}") { id } }`, 'id'],
    [`{ nodes(ids: ["LlmCall:${uuidOf(1)}", "LlmCall:1"]) { id } }`, 'ids.1'],
  ])('refuse an invalid id: %s', async (source, argument) => {
    const { errors } = await graphql.run(source);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });
});
