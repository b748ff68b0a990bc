import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

describeEachDatabase('questions that cannot be answered', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it.each([
    'llmCallAnalytics(range: { last: "PT1H" }, archive: true) { totals { count } }',
    'ratio(range: { last: "PT1H" }, numerator: { llmCalls: {} }, denominator: { llmCalls: {} }, archive: true) { value }',
    'table(dataset: llmCalls, from: 0, to: 3600000, measures: ["count"], archive: true)',
    'timeseries(dataset: llmCalls, from: 0, to: 3600000, measures: ["count"], archive: true) { value }',
    'latencyRises(range: { last: "PT1H" }, archive: true) { rise }',
    'monthForecast(of: { llmCalls: {} }, archive: true) { soFar }',
  ])('name the argument `archive` if there is no archive: %s', async (field) => {
    const { errors } = await graphql.run(`{ ${field} }`);
    expect(errors).toMatchObject([
      { message: expect.stringContaining('keeps no archive'), extensions: { argument: 'archive' } },
    ]);
  });

  it.each([
    ['range: { from: "2026-11-22T12:00:00Z", to: "2026-11-22T12:00:00Z" }', 'totals { count }', 'range.to'],
    ['range: { last: "PT1H", from: "2026-11-22T00:00:00Z" }', 'totals { count }', 'range'],
    ['range: {}', 'totals { count }', 'range'],
    ['range: { last: "PT1H", calendar: TODAY }', 'totals { count }', 'range'],
    ['range: { last: "-PT1H" }', 'totals { count }', 'range.last'],
    ['range: { last: "an hour" }', 'totals { count }', 'range.last'],
    ['range: { last: "PT1H" }', 'groups(first: 0) { stats { count } }', 'first'],
    ['range: { last: "PT1H" }', 'groups(first: 1001) { stats { count } }', 'first'],
    ['range: { last: "PT1H" }', 'series(top: 0) { other }', 'top'],
    ['range: { last: "PT1H" }', 'series(timeZone: "Mars/Olympus") { other }', 'timeZone'],
    ['range: { last: "P30D" }', 'series(grain: MINUTE) { points { start } }', 'grain'],
    ['range: { last: "PT1H" }', 'totals { cost { quantile(p: 1.5) } }', 'p'],
    [
      'range: { last: "PT1H" }',
      'groups(orderBy: { field: COUNT_DISTINCT }) { stats { count } }',
      'orderBy.dimension',
    ],
    [
      'range: { last: "PT1H" }',
      'series(orderBy: { field: COST, dimension: MODEL }) { other }',
      'orderBy.dimension',
    ],
    [
      'range: { last: "P30D" }',
      'heatmap(measure: COST, buckets: 1, grain: MINUTE) { points { start } }',
      'grain',
    ],
    ['range: { last: "PT1H" }', 'distinct(dimension: MODEL, first: 1001) { value }', 'first'],
    ['range: { last: "PT1H" }', 'distinct(dimension: STATUS_CODE, contains: "4") { value }', 'contains'],
    ['range: { last: "PT1H" }', 'distinct(dimension: CACHED, contains: "t") { value }', 'contains'],
    ['range: { last: "PT1H" }', 'distinct(dimension: MODEL, contains: "\\u0000") { value }', 'contains'],
  ])('refuse %s %s and name the argument', async (args, selection, argument) => {
    const { errors } = await graphql.run(`{ llmCallAnalytics(${args}) { ${selection} } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(errors?.[0]?.message).not.toBe('');
  });
});
