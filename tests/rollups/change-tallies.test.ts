import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Row } from '../../src/core/dataset/row.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { changeTallies } from '../../src/rollups/change-tallies.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall, RECORD_ACTIVITY } from '../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../support/graphql.ts';

/** The row of a call with this cost in nano-USD. */
function rowOf(sessionId: string | null, cost: number | null): Row {
  const time = Date.parse(NOW);
  const values = { projectId: 'default', timestamp: time, receivedAt: time, sessionId, cost, totalTokens: 5 };
  return llmCalls.columns.map(({ name }) => values[name as keyof typeof values] ?? null);
}

describeEachDatabase('a session whose calls get another cost', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('changes by the difference, also from and to unknown costs', async () => {
    const priced = (sessionId: string, cost: number | null) =>
      llmCall({ sessionId, cost, model: 'unheard-of', totalTokens: 5 });
    const input = { llmCalls: [priced('a', 1), priced('a', null), priced('b', null), priced('c', 2)] };
    expect((await graphql.data(RECORD_ACTIVITY, { input })).recordActivity.rejected).toEqual([]);
    const changed = (sessionId: string | null, before: number | null, after: number | null) => ({
      before: rowOf(sessionId, before),
      after: rowOf(sessionId, after),
    });
    await graphql.services.store.exclusively((transaction) =>
      changeTallies(transaction, llmCalls, [
        changed('a', 1e9, 5e8),
        changed('a', null, 25e7),
        changed('b', null, 3),
        changed('c', 2e9, 2e9),
        changed(null, 1, 2),
      ]),
    );
    const fields = 'sessionId cost unpricedLlmCallCount llmCallCount totalTokens';
    const { sessions } = await graphql.data(
      `{ sessions(orderBy: { field: SESSION_ID, direction: ASC }) { nodes { ${fields} } } }`,
    );
    const one = { unpricedLlmCallCount: 0, llmCallCount: 1, totalTokens: 5 };
    expect(sessions.nodes).toEqual([
      { ...one, sessionId: 'a', cost: 0.75, llmCallCount: 2, totalTokens: 10 },
      { ...one, sessionId: 'b', cost: 3e-9 },
      { ...one, sessionId: 'c', cost: 2 },
    ]);
  });
});
