import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

describeEachDatabase('analytics of two projects', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    await graphql.data('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
      input: [llmCall({ latencyMs: 100 }), llmCall({ latencyMs: 200 })],
    });
    await graphql.data(
      'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }',
      { input: [llmCall({ latencyMs: 1e6 })] },
      'another-project',
    );
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('stay within the project', async () => {
    const { llmCallAnalytics } = await graphql.data(
      '{ llmCallAnalytics(range: { last: "P1D" }) { totals { count latencyMs { max } } } }',
      {},
      'another-project',
    );
    // The event has the current time, which a range until now excludes.
    expect(llmCallAnalytics.totals.count).toBe(0);
    graphql.clock.advance(1);
    const { llmCallAnalytics: later } = await graphql.data(
      '{ llmCallAnalytics(range: { last: "P1D" }) { totals { count latencyMs { max } } } }',
      {},
      'another-project',
    );
    expect(later.totals).toEqual({ count: 1, latencyMs: { max: 1e6 } });
  });
});
