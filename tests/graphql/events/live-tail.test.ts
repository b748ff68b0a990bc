import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { errorLog, llmCall, requestLog, uuidOf } from '../../support/events.ts';
import { type Answer, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD = 'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted } }';

describeEachDatabase('live tails', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const next = async (stream: AsyncIterableIterator<Answer>): Promise<Answer> => {
    const { done, value } = await stream.next();
    expect(done).toBe(false);
    return JSON.parse(JSON.stringify(value));
  };

  it('send each event of the project when it is stored, with the same fields as the list', async () => {
    const fields =
      'id uuid timestamp receivedAt provider model cost costSource success latencyMs totalTokens attributes requestId';
    const stream = await graphql.subscribe(`subscription { llmCallRecorded { ${fields} } }`);
    await graphql.data(RECORD, { input: { llmCalls: [llmCall({ model: 'theirs' })] } }, 'another-project');
    await graphql.data(RECORD, {
      input: { llmCalls: [llmCall({ id: uuidOf(1), cost: 0.5, attributes: { a: [1] }, promptTokens: 7 })] },
    });
    const { data } = await next(stream);
    const { node } = await graphql.data(
      `{ node(id: "LlmCall:${uuidOf(1)}") { ... on LlmCall { ${fields} } } }`,
    );
    expect(data.llmCallRecorded).toEqual(node);
    expect(node).toMatchObject({ cost: 0.5, costSource: 'REPORTED', attributes: { a: [1] }, totalTokens: 7 });
    await stream.return?.();
  });

  it('send no event twice, even if it is sent again', async () => {
    const stream = await graphql.subscribe('subscription { llmCallRecorded { uuid } }');
    for (const number of [2, 2, 3])
      await graphql.data(RECORD, { input: { llmCalls: [llmCall({ id: uuidOf(number) })] } });
    expect((await next(stream)).data.llmCallRecorded.uuid).toBe(uuidOf(2));
    expect((await next(stream)).data.llmCallRecorded.uuid).toBe(uuidOf(3));
    await stream.return?.();
  });

  it('apply filters as lists do', async () => {
    const stream = await graphql.subscribe(
      'subscription ($filter: LlmCallFilter) { llmCallRecorded(filter: $filter) { model } }',
      {
        filter: {
          and: [
            { cost: { gte: 0.1 } },
            { timestamp: { gt: '2026-11-22T11:00:00Z' } },
            { service: { ne: 'internal' } },
          ],
          id: { notIn: [`LlmCall:${uuidOf(10)}`] },
        },
      },
    );
    await graphql.data(RECORD, {
      input: {
        llmCalls: [
          llmCall({ model: 'excluded', id: uuidOf(10), cost: 0.1 }),
          llmCall({ model: 'cheap', cost: 0.09 }),
          llmCall({ model: 'old', cost: 1, timestamp: '2026-11-22T11:00:00Z' }),
          llmCall({ model: 'internal', cost: 1, service: 'internal' }),
          llmCall({ model: 'wanted', cost: 0.1 }),
        ],
      },
    });
    expect((await next(stream)).data).toEqual({ llmCallRecorded: { model: 'wanted' } });
    await stream.return?.();
  });

  it('load the relations of the event', async () => {
    const stream = await graphql.subscribe(
      'subscription { errorLogRecorded { severity requestLog { endpoint llmCalls { model } } } }',
    );
    await graphql.data(RECORD, {
      input: {
        requestLogs: [requestLog('r-1')],
        llmCalls: [llmCall({ requestId: 'r-1' })],
        errorLogs: [errorLog({ requestId: 'r-1' })],
      },
    });
    expect((await next(stream)).data.errorLogRecorded).toEqual({
      severity: 'ERROR',
      requestLog: { endpoint: '/chat', llmCalls: [{ model: 'gpt-4o-mini' }] },
    });
    await stream.return?.();
  });

  it('report how many events a slow reader missed', async () => {
    const stream = await graphql.subscribe('subscription { techniqueUsageRecorded { potencyLevel } }');
    const usages = Array.from({ length: 1003 }, (_, index) => ({
      techniqueSuite: 'suite',
      potencyLevel: (index % 10) + 1,
      success: true,
    }));
    await graphql.data(RECORD, { input: { techniqueUsages: usages } });
    const first = await next(stream);
    expect(first).toEqual({
      data: { techniqueUsageRecorded: { potencyLevel: 4 } },
      extensions: { dropped: 3 },
    });
    const second = await next(stream);
    expect(second).toEqual({ data: { techniqueUsageRecorded: { potencyLevel: 5 } } });
    await stream.return?.();
  });

  it('leave nothing open', async () => {
    const stream = await graphql.subscribe('subscription { requestLogRecorded { id } }');
    expect(graphql.services.live.hasSubscribers('requestLogs.recorded')).toBe(true);
    const waiting = stream.next();
    await stream.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(graphql.services.live.hasSubscribers('requestLogs.recorded')).toBe(false);
  });

  it('refuse an invalid filter', async () => {
    await expect(
      graphql.subscribe('subscription { llmCallRecorded(filter: { id: { eq: "nothing" } }) { id } }'),
    ).rejects.toThrow(/filter\.id\.eq/);
  });
});
