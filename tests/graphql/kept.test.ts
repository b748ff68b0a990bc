import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../support/databases.ts';
import { llmCall } from '../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../support/graphql.ts';

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.parse(NOW) - days * DAY_MS).toISOString();

describeEachDatabase('an answer from rows that retention has left', (database) => {
  let graphql: TestGraphQL;
  // Rows remain since 20 November; there is a call on the 15th, the 18th and the 21st.
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    for (const days of [7, 4, 1]) {
      graphql.clock.set(Date.parse(daysAgo(days)));
      await graphql.data(
        'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }',
        {
          input: [llmCall()],
        },
      );
    }
    graphql.clock.set(Date.parse(NOW));
    await graphql.data(
      'mutation ($input: SetRetentionPolicyInput!) { setRetentionPolicy(input: $input) { retentionPolicy { dataset } } }',
      { input: { dataset: 'llmCalls', rowDays: 2, minuteDays: 1 } },
    );
    await graphql.services.retention.run();
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const WEEK = { from: '2026-11-15T10:20:00.000Z', to: NOW };
  const FULL_HOUR = '2026-11-15T10:00:00.000Z';
  const ROWS_SINCE = '2026-11-20T00:00:00.000Z';
  const ask = (query: string, exact = false) =>
    graphql.run(query, { range: { from: WEEK.from, to: WEEK.to, ...(exact && { exact }) } });

  const PROVIDERS = 'query ($range: TimeRangeInput!) { providerStats(range: $range) { calls } }';

  test('is reported in the response if a list has no field for it', async () => {
    const { data, extensions } = await ask(PROVIDERS);
    expect(data.providerStats).toEqual([{ calls: 3 }]);
    const answered = { from: FULL_HOUR, to: NOW };
    expect(extensions).toEqual({
      kept: [{ dataset: 'llmCalls', asked: WEEK, answered, missing: [], movedBoundaries: 1 }],
    });
  });

  test('is not reported if the answer covers exactly the range', async () => {
    const answer = await graphql.run(PROVIDERS, { range: { from: FULL_HOUR, to: NOW } });
    expect(answer).toEqual({ data: { providerStats: [{ calls: 3 }] } });
  });

  test('is refused on request, by every kind of query', async () => {
    const queries = [
      PROVIDERS,
      'query ($range: TimeRangeInput!) { summary(range: $range) { llmCalls } }',
      'query ($range: TimeRangeInput!) { llmCallAnalytics(range: $range) { series { points { start } } } }',
    ];
    for (const query of queries) {
      const { errors } = await ask(query, true);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'range' } }]);
    }
    const previous =
      'query ($range: TimeRangeInput!) { llmCallAnalytics(range: $range) { previous { totals { count } } } }';
    const range = { from: '2026-11-20T10:20:00.000Z', to: NOW };
    expect((await graphql.run(previous, { range })).errors).toBeUndefined();
    expect((await graphql.run(previous, { range: { ...range, exact: true } })).errors).toHaveLength(1);
  });

  test('is combined if the fields of an answer cover different ranges', async () => {
    const { data } = await ask(`query ($range: TimeRangeInput!) {
      llmCallAnalytics(range: $range) {
        range { from to }
        totals { count }
        groups { dimensions { finishReason } stats { count } }
        source { kind range { from to } missing { from to } moved { asked answered } }
      }
      summary(range: $range) { range { from to } llmCalls source { moved { answered } } }
      alone: summary(range: $range) { range { from to } openAlerts source { kind } }
    }`);
    const range = { from: FULL_HOUR, to: NOW };
    expect(data).toEqual({
      llmCallAnalytics: {
        range,
        totals: { count: 3 },
        groups: [{ dimensions: { finishReason: null }, stats: { count: 1 } }],
        source: {
          kind: 'MIXED',
          range,
          missing: [{ from: WEEK.from, to: ROWS_SINCE }],
          moved: [{ asked: WEEK.from, answered: FULL_HOUR }],
        },
      },
      summary: { range, llmCalls: 3, source: { moved: [{ answered: FULL_HOUR }] } },
      alone: { range: WEEK, openAlerts: 0, source: null },
    });
  });
});
