import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { metricUsage } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { catalogOf } from './support/catalog.ts';

const RECORD =
  'mutation ($input: [MetricUsageInput!]!) { recordMetricUsages(input: $input) { accepted duplicates rejected { field } } }';
const STATS = `query ($metricId: String!, $days: Int, $timeZone: TimeZone) {
  metricUsageStats(metricId: $metricId, days: $days, timeZone: $timeZone) {
    metricId total range { from to } days { start end uses } users { usedBy uses share }
  }
}`;

const daysAgo = (days: number) => new Date(Date.parse(NOW) - days * 86_400_000).toISOString();

/** These tests run at 2026-11-22T12:00:00Z. */
const USAGES = [
  metricUsage({ timestamp: daysAgo(0), context: 'key sk-abcdefghijklmnopqrstuvwxyz0123456789ABCD' }),
  metricUsage({ timestamp: daysAgo(1) }),
  metricUsage({ timestamp: daysAgo(1), usedBy: 'ann' }),
  metricUsage({ timestamp: daysAgo(2) }),
  metricUsage({ timestamp: daysAgo(3), usedBy: 'bob' }),
  metricUsage({ timestamp: daysAgo(40) }),
  metricUsage({ timestamp: daysAgo(4000) }),
  metricUsage({ timestamp: daysAgo(1), metricId: 'costs' }),
];

describeEachDatabase('uses of metrics', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    await catalogOf(graphql).create('revenue_total');
    await catalogOf(graphql).create('costs');
    await catalogOf(graphql).create('unused');
    const { recordMetricUsages } = await graphql.data(RECORD, { input: USAGES });
    expect(recordMetricUsages).toEqual({ accepted: USAGES.length, duplicates: 0, rejected: [] });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  async function stats(variables: Record<string, unknown>) {
    return (await graphql.data(STATS, { metricId: 'revenue_total', ...variables })).metricUsageStats;
  }

  test('are counted for all metrics of a list by one query', async () => {
    const list = (first: number) =>
      graphql.data(
        `{ metrics(orderBy: { field: METRIC_ID, direction: ASC }, first: ${first}) { nodes { metricId usageCount } } }`,
      );
    expect((await list(3)).metrics.nodes).toEqual([
      { metricId: 'costs', usageCount: 1 },
      { metricId: 'revenue_total', usageCount: 7 },
      { metricId: 'unused', usageCount: 0 },
    ]);
    const ofOne = await graphql.countStatements(() => list(1));
    expect(await graphql.countStatements(() => list(3))).toBe(ofOne);
  });

  test('are counted per day, including days without any, and per user', async () => {
    const usage = await stats({ days: 4 });
    expect(usage).toEqual({
      metricId: 'revenue_total',
      total: 5,
      range: { from: '2026-11-19T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' },
      days: [
        { start: '2026-11-19T00:00:00.000Z', end: '2026-11-20T00:00:00.000Z', uses: 1 },
        { start: '2026-11-20T00:00:00.000Z', end: '2026-11-21T00:00:00.000Z', uses: 1 },
        { start: '2026-11-21T00:00:00.000Z', end: '2026-11-22T00:00:00.000Z', uses: 2 },
        { start: '2026-11-22T00:00:00.000Z', end: '2026-11-23T00:00:00.000Z', uses: 1 },
      ],
      users: [
        { usedBy: 'sales-dashboard', uses: 3, share: 0.6 },
        { usedBy: 'ann', uses: 1, share: 0.2 },
        { usedBy: 'bob', uses: 1, share: 0.2 },
      ],
    });
  });

  test('are counted for thirty days by default', async () => {
    const usage = await stats({});
    expect(usage.days).toHaveLength(30);
    expect(usage.total).toBe(5);
    expect((await stats({ days: null, timeZone: null })).total).toBe(5);
  });

  test('are counted on the days of a time zone', async () => {
    const { days } = await stats({ days: 2, timeZone: 'Pacific/Auckland' });
    // Noon in UTC is one o'clock of the next day in Auckland.
    expect(days).toEqual([
      { start: '2026-11-21T11:00:00.000Z', end: '2026-11-22T11:00:00.000Z', uses: 2 },
      { start: '2026-11-22T11:00:00.000Z', end: '2026-11-23T11:00:00.000Z', uses: 1 },
    ]);
  });

  test('are zero for a metric that is neither in the catalog nor used', async () => {
    const usage = await stats({ metricId: 'nothing', days: 1 });
    expect(usage).toMatchObject({ total: 0, users: [], days: [{ uses: 0 }] });
  });

  test.each([0, 1_001, -1])('refuses %i days', async (days) => {
    const { errors } = await graphql.run(STATS, { metricId: 'revenue_total', days });
    expect(errors?.[0]).toMatchObject({
      message: `\`days\` must be between 1 and 1000, not ${days}.`,
      extensions: { code: 'BAD_USER_INPUT', argument: 'days' },
    });
  });

  test('are counted for each day of a year', async () => {
    const { days } = await stats({ days: 366, timeZone: 'Europe/Berlin' });
    expect(days).toHaveLength(366);
    expect(days[0].start).toBe('2025-11-21T23:00:00.000Z');
  });

  test('have lists, analytics and a metric, and context with secrets masked', async () => {
    const data = await graphql.data(`{
      metricUsages(filter: { metricId: { eq: "revenue_total" } }, first: 1) { nodes { context metric { name } } totalCount }
      metricUsageAnalytics(range: { last: "P7D" }) {
        groups { dimensions { metricId } stats { count } }
        source { kind }
      }
    }`);
    expect(data.metricUsages).toEqual({
      nodes: [{ context: 'key ***', metric: { name: 'The metric revenue_total' } }],
      totalCount: 7,
    });
    expect(data.metricUsageAnalytics.groups).toEqual([
      { dimensions: { metricId: 'revenue_total' }, stats: { count: 4 } },
      { dimensions: { metricId: 'costs' }, stats: { count: 1 } },
    ]);
  });

  test('are delivered live when they are recorded', async () => {
    const tail = await graphql.subscribe(
      'subscription { metricUsageRecorded(filter: { metricId: { eq: "costs" } }) { usedBy metric { name } } }',
    );
    const next = tail.next();
    await graphql.data(RECORD, {
      input: [metricUsage({ usedBy: 'carol' }), metricUsage({ usedBy: 'dave', metricId: 'costs' })],
    });
    expect((await next).value.data.metricUsageRecorded).toEqual({
      usedBy: 'dave',
      metric: { name: 'The metric costs' },
    });
    await tail.return?.();
  });
});
