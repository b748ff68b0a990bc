import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { CALLS } from '../support/calls.ts';

const DAY = '{ from: "2026-11-22T00:00:00Z", to: "2026-11-23T00:00:00Z" }';

describeEachDatabase('distinct values of a dimension', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    await graphql.data('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
      input: CALLS.map((call) => llmCall(call)),
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());
  const ask = async (selection: string, args = `range: ${DAY}`) =>
    (await graphql.data(`{ llmCallAnalytics(${args}) { ${selection} } }`)).llmCallAnalytics;

  const COUNTED =
    'stats { count models: countDistinct(dimension: MODEL) failures: countDistinct(dimension: ERROR_TYPE) }';

  it('are counted in totals, groups and series separately', async () => {
    const { totals, groups, series, source } = await ask(
      `totals { models: countDistinct(dimension: MODEL) services: countDistinct(dimension: SERVICE) }
      groups(first: 2) { dimensions { provider } ${COUNTED} }
      series(grain: HOUR, fill: NONE, top: 1) { dimensions { provider } other points { ${COUNTED} } }
      source { kind reason }`,
    );
    expect(totals).toEqual({ models: 4, services: 1 });
    expect(groups).toEqual([
      { dimensions: { provider: 'openai' }, stats: { count: 4, models: 2, failures: 1 } },
      { dimensions: { provider: 'anthropic' }, stats: { count: 2, models: 1, failures: 1 } },
    ]);
    expect(series).toEqual([
      {
        dimensions: { provider: 'openai' },
        other: false,
        points: [
          { stats: { count: 2, models: 1, failures: 0 } },
          { stats: { count: 1, models: 1, failures: 0 } },
          { stats: { count: 1, models: 1, failures: 1 } },
        ],
      },
      {
        dimensions: { provider: null },
        other: true,
        points: [
          { stats: { count: 1, models: 1, failures: 0 } },
          { stats: { count: 2, models: 2, failures: 1 } },
        ],
      },
    ]);
    expect(source).toMatchObject({
      kind: 'RAW',
      reason: expect.stringContaining('distinct values of model'),
    });
  });

  it('are zero without events', async () => {
    const { totals } = await ask(
      'totals { countDistinct(dimension: END_USER) }',
      `range: ${DAY}, filter: { model: { eq: "none" } }`,
    );
    expect(totals).toEqual({ countDistinct: 0 });
  });
});
