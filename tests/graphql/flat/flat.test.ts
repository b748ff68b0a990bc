import { afterAll, beforeAll, expect, it } from 'vitest';
import { isOneOf } from '../../../src/core/build-filter.ts';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { priceOf } from '../limits/support/price-of.ts';

const FROM = Date.parse('2026-11-22T08:00:00Z');
const TO = Date.parse('2026-11-22T11:00:00Z');
const RANGE = `dataset: llmCalls, from: ${FROM}, to: ${TO}`;

/** At 8 and at 10 o'clock, with nothing in between. */
const CALLS = [
  { hour: 8, provider: 'openai', endUser: 'ann', latencyMs: 100, cost: 1, tags: { team: 'search' } },
  { hour: 8, provider: 'openai', endUser: 'bo', latencyMs: 300, cost: 2, tags: { team: 'billing' } },
  { hour: 8, provider: 'anthropic', endUser: 'ann', latencyMs: 500, cost: 10, attributes: { region: 'eu' } },
  { hour: 10, provider: 'acme', endUser: 'ann', latencyMs: 50, attributes: { region: 'eu', items: 4 } },
  { hour: 10, provider: 'openai', endUser: 'bo', latencyMs: 700, cost: 4, statusCode: 500 },
  { hour: 10, provider: 'other', endUser: 'ann', latencyMs: 90, cost: 0.5 },
].map(({ hour, ...call }) => llmCall({ ...call, timestamp: new Date(Date.UTC(2026, 10, 22, hour, 30)) }));

describeEachDatabase('flat rows', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const record = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
    expect((await graphql.data(record, { input: CALLS })).recordLlmCalls.accepted).toBe(CALLS.length);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const table = async (args: string) => (await graphql.data(`{ table(${RANGE}, ${args}) }`)).table;
  const points = async (args: string, fields = 'time series measure value') =>
    (await graphql.data(`{ timeseries(${RANGE}, ${args}) { ${fields} } }`)).timeseries;
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 22, hour)).toISOString();

  it('include every bucket, series and measure, by time, with explicit nulls', async () => {
    const rows = await points(
      'measures: ["cost", "latencyMs.avg"], intervalMs: 2000000, groupBy: ["provider"], top: 1',
    );
    expect(rows).toEqual([
      { time: at(8), series: 'anthropic', measure: 'cost', value: 10 },
      { time: at(8), series: 'anthropic', measure: 'latencyMs.avg', value: 500 },
      { time: at(8), series: 'other', measure: 'cost', value: 3 },
      { time: at(8), series: 'other', measure: 'latencyMs.avg', value: 200 },
      { time: at(9), series: 'anthropic', measure: 'cost', value: 0 },
      { time: at(9), series: 'anthropic', measure: 'latencyMs.avg', value: null },
      { time: at(9), series: 'other', measure: 'cost', value: 0 },
      { time: at(9), series: 'other', measure: 'latencyMs.avg', value: null },
      { time: at(10), series: 'anthropic', measure: 'cost', value: 0 },
      { time: at(10), series: 'anthropic', measure: 'latencyMs.avg', value: null },
      { time: at(10), series: 'other', measure: 'cost', value: 4.5 },
      { time: at(10), series: 'other', measure: 'latencyMs.avg', value: 280 },
    ]);
  });

  it('name the rest "(other)" unless a series has the name "other"', async () => {
    const asked =
      'measures: ["latencyMs.min"], orderBy: "latencyMs.max", intervalMs: 86400000, groupBy: ["provider"]';
    const named = async (top: number) =>
      (await points(`${asked}, top: ${top}`, 'series labels')).map(
        ({ series }: { series: string }) => series,
      );
    expect(await named(3)).toEqual(['openai', 'anthropic', 'other', '(other)']);
  });

  it('count distinct values of the rest once', async () => {
    const rows = await points(
      'measures: ["endUser.distinct"], groupBy: ["provider"], top: 1, intervalMs: 86400000',
      'series labels value',
    );
    expect(rows).toEqual([
      { series: 'openai', labels: { provider: 'openai' }, value: 2 },
      { series: 'other', labels: { provider: null }, value: 1 },
    ]);
  });

  it('have buckets according to the interval and the number of points', async () => {
    const times = async (args: string) => (await points(`measures: ["count"], ${args}`, 'time')).length;
    expect(await times('maxDataPoints: null')).toBe(180);
    expect(await times('intervalMs: 1')).toBe(180);
    expect(await times('intervalMs: 60001')).toBe(36);
    expect(await times('intervalMs: 300000, maxDataPoints: 20')).toBe(12);
    expect(await times('maxDataPoints: 5000, timeZone: "Asia/Kolkata", intervalMs: 3600000')).toBe(4);
    expect(await times('maxDataPoints: 1')).toBe(1);
  });

  it('group by attributes and tags by their paths, and name missing values', async () => {
    expect(
      await table('measures: ["count", "attributes.items.avg"], groupBy: ["tags.team", "attributes.region"]'),
    ).toEqual([
      { 'tags.team': null, 'attributes.region': 'eu', count: 2, 'attributes.items.avg': 4 },
      { 'tags.team': null, 'attributes.region': null, count: 2, 'attributes.items.avg': null },
      { 'tags.team': 'billing', 'attributes.region': null, count: 1, 'attributes.items.avg': null },
      { 'tags.team': 'search', 'attributes.region': null, count: 1, 'attributes.items.avg': null },
    ]);
    const rows = await points(
      'measures: ["count"], groupBy: ["tags.team", "provider"], intervalMs: 86400000',
    );
    expect(rows.map(({ series }: { series: string }) => series)).toContain('(none) / acme');
  });

  it('are one row, or one series, without groups', async () => {
    const measures =
      '["count", "errorRate", "errorCount", "cost.count", "latencyMs.p50", "tags.team.distinct"]';
    expect(
      await table(`measures: ${measures}, filter: { provider: { in: ["openai"] }, model: null }`),
    ).toEqual([
      {
        ...{ count: 3, errorRate: 1 / 3, errorCount: 1, 'cost.count': 3, 'latencyMs.p50': 300 },
        'tags.team.distinct': 2,
      },
    ]);
    expect((await points('measures: ["count"], intervalMs: 86400000'))[0]).toMatchObject({
      series: 'all',
      value: 6,
    });
  });

  it('are the top groups by the first additive measure, or by the requested number', async () => {
    const first = async (args: string) => (await table(`${args}, groupBy: ["provider"], top: 1`))[0].provider;
    expect(await first('measures: ["latencyMs.p95", "cost"]')).toBe('anthropic');
    expect(await first('measures: ["latencyMs.p95"]')).toBe('openai');
    expect(await first('measures: ["cost"], orderBy: "latencyMs.p95"')).toBe('openai');
  });

  it.each([
    ['table', 'measures: ["costs"]', 'measures.0', /no number "costs"\. It has count, .*latencyMs/],
    ['table', 'measures: ["count", "attributes.items"]', 'measures.1', /attributes\.items\.sum/],
    ['table', 'measures: ["tags.team"]', 'measures.0', /tags\.team\.distinct/],
    ['table', 'measures: ["latencyMs.distinct"]', 'measures.0', /no number "latencyMs\.distinct"/],
    ['table', 'measures: []', 'measures', /1 to 20/],
    [
      'table',
      'measures: ["count"], groupBy: ["provider", "modell"]',
      'groupBy.1',
      /It has service, .*tags\.team/,
    ],
    ['table', 'measures: ["count"], groupBy: ["attributes..x"]', 'groupBy.0', /keys separated by dots/],
    ['table', 'measures: ["count"], filter: { modell: { eq: "x" } }', 'filter.modell', /no field modell/],
    ['table', 'measures: ["count"], orderBy: "latencyMs.p50"', 'orderBy', /cannot be sorted/],
    ['table', 'measures: ["count"], top: 1001', 'top', /between 1 and 1000/],
    ['timeseries', 'measures: ["count"], top: 51', 'top', /between 1 and 50/],
    ['timeseries', 'measures: ["count"], intervalMs: 0', 'intervalMs', /above 0/],
    ['timeseries', 'measures: ["count"], maxDataPoints: -1', 'maxDataPoints', /above 0/],
  ])('%s(%s) is refused at %s', async (field, args, argument, message) => {
    const selection = field === 'table' ? '' : '{ value }';
    const { errors } = await graphql.run(`{ ${field}(${RANGE}, ${args}) ${selection} }`);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(message),
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', argument }),
      }),
    ]);
  });

  it('a filter that is nested too deep is refused', async () => {
    let filter: object = {};
    for (let level = 0; level < 10_000; level++) filter = { not: filter };
    const asked = `query ($filter: JSON) { table(${RANGE}, measures: ["count"], filter: $filter) }`;
    const { errors } = await graphql.run(asked, { filter });
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/at most 10 levels/),
        extensions: { code: 'BAD_USER_INPUT', argument: 'filter' },
      },
    ]);
  });

  it.each([
    ['from: 2, to: 1', 'to', /after from/],
    ['from: 1e20, to: 1', 'from', /years 1 to 9999/],
  ])('a range of %s is refused', async (range, argument, message) => {
    for (const field of [
      `table(dataset: llmCalls, ${range}, measures: ["count"])`,
      `annotations(${range}) { time }`,
    ]) {
      const { errors } = await graphql.run(`{ ${field} }`);
      expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { argument } }]);
    }
  });

  it('show a read token its rows, and refuse it other datasets and annotations', async () => {
    const rows = new Map([['llmCalls', isOneOf('endUser', ['ann'])]]);
    const token = { ...callerOf('default', []), rows };
    const asked = `{ table(${RANGE}, measures: ["count"]) timeseries(${RANGE}, measures: ["count"], intervalMs: 86400000) { value } }`;
    expect(await graphql.data(asked, {}, token)).toEqual({
      table: [{ count: 4 }],
      timeseries: [{ value: 4 }],
    });
    const refused = await graphql.run(
      `{ table(dataset: errorLogs, from: 1, to: 2, measures: ["count"]) }`,
      {},
      token,
    );
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const closed = await graphql.run('{ annotations(from: 1, to: 2) { time } }', {}, token);
    expect(closed.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

it('flat rows have the same price as the same question to the analytics of the dataset', () => {
  const range = `range: { from: "${new Date(FROM).toISOString()}", to: "${new Date(TO).toISOString()}" }`;
  const timeseries = (groupBy: string) =>
    priceOf(
      `{ timeseries(${RANGE}, measures: ["latencyMs.p95", "cost"], groupBy: ["${groupBy}"], top: 5, intervalMs: 3600000) { value } }`,
    );
  const series = (dimension: string) =>
    priceOf(`{ llmCallAnalytics(${range}) {
      series(grain: HOUR, top: 5, orderBy: { field: COST }) {
        dimensions { ${dimension} } points { stats { latencyMs { p95 } cost { sum } } }
      } } }`);
  expect(timeseries('provider')).toBe(series('provider'));
  expect(timeseries('endUser')).toBe(series('endUser'));
  expect(timeseries('endUser')).not.toBe(timeseries('provider'));
  const table = priceOf(`{ table(${RANGE}, measures: ["cost"], groupBy: ["model"], top: 7) }`);
  const groups = `groups(first: 7, orderBy: { field: COST }) { dimensions { model } stats { cost { sum } } }`;
  expect(table).toBe(priceOf(`{ llmCallAnalytics(${range}) { ${groups} } }`));
});
