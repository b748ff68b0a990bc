import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { errorLog, generation, llmCall, requestLog, techniqueUsage, uuidOf } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD_CALLS = /* GraphQL */ `
  mutation RecordCalls($input: [LlmCallInput!]!) {
    recordLlmCalls(input: $input) {
      accepted
      duplicates
      rejected { dataset index field code message }
      ids
    }
  }
`;

describeEachDatabase('record mutations', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('store events from variables and answer with global ids', async () => {
    const { recordLlmCalls } = await graphql.data(RECORD_CALLS, {
      input: [llmCall({ id: uuidOf(1) }), llmCall({ id: uuidOf(2), cost: 0.25 })],
    });
    expect(recordLlmCalls).toEqual({
      accepted: 2,
      duplicates: 0,
      rejected: [],
      ids: [`LlmCall:${uuidOf(1)}`, `LlmCall:${uuidOf(2)}`],
    });
  });

  it('name an invalid event and store the others, for any kind of mistake', async () => {
    const { recordLlmCalls } = await graphql.data(RECORD_CALLS, {
      input: [
        llmCall({ id: uuidOf(10) }),
        llmCall({ latencyMs: 'slow' }),
        { provider: 'openai' },
        llmCall({ tokens: 1 }),
        null,
        'not an event',
        llmCall({ timestamp: 'yesterday' }),
        llmCall({ promptTokens: -1 }),
        llmCall({ id: uuidOf(11), timestamp: NOW }),
      ],
    });
    expect(recordLlmCalls.accepted).toBe(2);
    expect(recordLlmCalls.ids).toEqual([`LlmCall:${uuidOf(10)}`, `LlmCall:${uuidOf(11)}`]);
    expect(
      recordLlmCalls.rejected.map(({ index, field, code }: Record<string, unknown>) => [index, field, code]),
    ).toEqual([
      [1, 'latencyMs', 'WRONG_TYPE'],
      [2, expect.any(String), 'REQUIRED'],
      [3, 'tokens', 'UNKNOWN_FIELD'],
      [4, null, 'WRONG_TYPE'],
      [5, null, 'WRONG_TYPE'],
      [6, 'timestamp', expect.any(String)],
      [7, 'promptTokens', 'OUT_OF_RANGE'],
    ]);
    for (const rejection of recordLlmCalls.rejected) {
      expect(rejection.dataset).toBe('llmCalls');
      expect(rejection.message).not.toBe('');
    }
  });

  it('count an event that is sent again as a duplicate', async () => {
    const input = [llmCall({ id: uuidOf(20) }), llmCall({ id: uuidOf(21) }), llmCall({ id: uuidOf(20) })];
    expect((await graphql.data(RECORD_CALLS, { input })).recordLlmCalls).toMatchObject({
      accepted: 2,
      duplicates: 1,
    });
    expect((await graphql.data(RECORD_CALLS, { input })).recordLlmCalls).toMatchObject({
      accepted: 0,
      duplicates: 3,
    });
  });

  it('accept literals in the document, with variables inside them', async () => {
    const { recordLlmCalls } = await graphql.data(
      /* GraphQL */ `
        mutation ($model: String!, $at: DateTime) {
          recordLlmCalls(input: [
            { id: "${uuidOf(30)}", provider: "anthropic", model: $model, latencyMs: 12.5, timestamp: $at, attributes: { tier: "gold", tags: [1, 2] } }
          ]) { accepted rejected { field message } }
        }
      `,
      { model: 'claude-sonnet-4', at: '2026-11-22T10:00:00Z' },
    );
    expect(recordLlmCalls).toEqual({ accepted: 1, rejected: [] });
    const { node } = await graphql.data(`{
      node(id: "LlmCall:${uuidOf(30)}") { ... on LlmCall { model timestamp attributes latencyMs } }
    }`);
    expect(node).toEqual({
      model: 'claude-sonnet-4',
      timestamp: '2026-11-22T10:00:00.000Z',
      attributes: { tier: 'gold', tags: [1, 2] },
      latencyMs: 12.5,
    });
  });

  it('check literals against the schema before anything runs', async () => {
    const { errors } = await graphql.run(
      'mutation { recordLlmCalls(input: [{ provider: "openai", latencyMs: 1 }]) { accepted } }',
    );
    expect(errors?.[0]?.message).toContain('LlmCallInput.model');
  });

  it('accept one event in place of a list', async () => {
    const { recordLlmCalls } = await graphql.data(RECORD_CALLS, { input: llmCall({ id: uuidOf(40) }) });
    expect(recordLlmCalls).toMatchObject({ accepted: 1, ids: [`LlmCall:${uuidOf(40)}`] });
  });

  it('accept single events in variables within a list', async () => {
    const { recordLlmCalls } = await graphql.data(
      'mutation ($one: LlmCallInput!, $two: LlmCallInput!) { recordLlmCalls(input: [$one, $two]) { accepted rejected { index field } } }',
      { one: llmCall(), two: llmCall({ latencyMs: 'slow' }) },
    );
    expect(recordLlmCalls).toEqual({ accepted: 1, rejected: [{ index: 1, field: 'latencyMs' }] });
  });

  it('use the default of a variable', async () => {
    const { recordLlmCalls } = await graphql.data(
      `mutation ($input: [LlmCallInput!]! = [{ provider: "a", model: "b", latencyMs: 1 }]) {
        recordLlmCalls(input: $input) { accepted }
      }`,
    );
    expect(recordLlmCalls).toEqual({ accepted: 1 });
  });

  it.each([
    ['absent', {}, 'Variable "$input" of type "[LlmCallInput!]!" was not provided.'],
    ['null', { input: null }, 'Variable "$input" of type "[LlmCallInput!]!" must not be null.'],
    ['text', { input: 'calls' }, 'Variable "$input" of type "[LlmCallInput!]!" must be a list of objects.'],
  ])('name the variable if it is %s', async (_case, variables, message) => {
    const { data, errors } = await graphql.run(RECORD_CALLS, variables);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT', variable: 'input' } }]);
  });

  it('store a request with everything that belongs to it', async () => {
    const { recordActivity } = await graphql.data(
      'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted rejected { dataset index field } ids } }',
      {
        input: {
          requestLogs: [requestLog('r-1')],
          llmCalls: [
            llmCall({ requestId: 'r-1', id: uuidOf(50) }),
            llmCall({ requestId: 'r-1', promptTokens: 'many' }),
          ],
          techniqueUsages: [techniqueUsage({ requestId: 'r-1' })],
          errorLogs: [errorLog({ requestId: 'r-1' })],
        },
      },
    );
    expect(recordActivity.accepted).toBe(4);
    expect(recordActivity.rejected).toEqual([{ dataset: 'llmCalls', index: 1, field: 'promptTokens' }]);
    expect(recordActivity.ids.map((id: string) => id.split(':')[0])).toEqual([
      'RequestLog',
      'LlmCall',
      'TechniqueUsage',
      'ErrorLog',
    ]);
  });

  it('store an activity that is sent again only once, although its events have no ids', async () => {
    const send = async (input: object) =>
      (
        await graphql.data(
          'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted duplicates ids } }',
          { input },
        )
      ).recordActivity;
    const twins = [llmCall({ requestId: 'r-twice' }), llmCall({ requestId: 'r-twice' })];
    const activity = {
      requestLogs: [requestLog('r-twice')],
      llmCalls: twins,
      techniqueUsages: [techniqueUsage()],
      errorLogs: [errorLog({ requestId: 'r-twice' })],
      generations: [generation('g-twice')],
    };
    const first = await send(activity);
    expect(first).toMatchObject({ accepted: 6, duplicates: 0 });
    graphql.clock.advance(60_000);
    expect(await send(activity)).toEqual({ accepted: 0, duplicates: 6, ids: first.ids });
    // If the call contains other requests, the events of this one stay the same.
    const among = { ...activity, requestLogs: [requestLog('r-other'), requestLog('r-twice')] };
    expect(await send({ ...among, techniqueUsages: [] })).toMatchObject({ accepted: 1, duplicates: 5 });
    // A later event for the request is new.
    const more = {
      requestLogs: activity.requestLogs,
      llmCalls: [llmCall({ requestId: 'r-twice', latencyMs: 7 })],
    };
    expect(await send(more)).toMatchObject({ accepted: 1, duplicates: 1 });
    // There is no request, so nothing shows that this is the same call again.
    expect(await send({ llmCalls: twins })).toMatchObject({ accepted: 2, duplicates: 0 });
  });

  it('accept the lists of an activity as separate variables', async () => {
    const { recordActivity } = await graphql.data(
      `mutation ($calls: [LlmCallInput!], $errors: [ErrorLogInput!]) {
        recordActivity(input: { llmCalls: $calls, errorLogs: $errors }) { accepted rejected { dataset } }
      }`,
      { calls: [llmCall(), llmCall({ model: null })] },
    );
    expect(recordActivity).toEqual({ accepted: 1, rejected: [{ dataset: 'llmCalls' }] });
  });

  it.each([
    [{ input: { lmCalls: [] } }, 'input.lmCalls'],
    [{ input: { llmCalls: 'all' } }, 'input.llmCalls'],
  ])('name the invalid part of an activity: %j', async (variables, argument) => {
    const { errors } = await graphql.run(
      'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted } }',
      variables,
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });

  it('refuse more than 10,000 events in one call', async () => {
    const { errors } = await graphql.run(RECORD_CALLS, { input: Array(10_001).fill(llmCall()) });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
