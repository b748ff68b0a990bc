import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { CALLS } from '../support/calls.ts';

describeEachDatabase('ranges of analytics', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const input = CALLS.map(llmCall);
    await graphql.data('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
      input,
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = async (selection: string, args: string) =>
    (await graphql.data(`{ llmCallAnalytics(${args}) { ${selection} } }`)).llmCallAnalytics;

  it('give the same values for the range before', async () => {
    const analytics = await ask(
      'range { from to } totals { count } previous { range { from to } totals { count } previous { totals { count } } }',
      'range: { from: "2026-11-22T11:00:00Z", to: "2026-11-22T12:00:00Z" }',
    );
    expect(analytics).toEqual({
      range: { from: '2026-11-22T11:00:00.000Z', to: '2026-11-22T12:00:00.000Z' },
      totals: { count: 3 },
      previous: {
        range: { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T11:00:00.000Z' },
        totals: { count: 1 },
        previous: { totals: { count: 3 } },
      },
    });
  });

  it('give the same values for one calendar period earlier, in the zone of the range', async () => {
    const analytics = await ask(
      'range { from to } totals { count } previous(by: DAY) { range { from to } totals { count } } utc: previous(by: MONTH, timeZone: "UTC") { range { from } }',
      'range: { calendar: TODAY, timeZone: "Asia/Kolkata" }',
    );
    expect(analytics).toEqual({
      range: { from: '2026-11-21T18:30:00.000Z', to: '2026-11-22T12:00:00.000Z' },
      totals: { count: 7 },
      previous: {
        range: { from: '2026-11-20T18:30:00.000Z', to: '2026-11-21T12:00:00.000Z' },
        totals: { count: 0 },
      },
      utc: { range: { from: '2026-10-21T18:30:00.000Z' } },
    });
    const { previous } = await ask(
      'previous(by: YEAR) { range { from to } }',
      'range: { calendar: LAST_MONTH }',
    );
    expect(previous.range).toEqual({ from: '2025-10-01T00:00:00.000Z', to: '2025-11-01T00:00:00.000Z' });
  });

  it('accept a duration before now', async () => {
    const { range, totals } = await ask('range { from to } totals { count }', 'range: { last: "PT1H" }');
    expect(range).toEqual({ from: '2026-11-22T11:00:00.000Z', to: '2026-11-22T12:00:00.000Z' });
    expect(totals.count).toBe(3);
  });
});
