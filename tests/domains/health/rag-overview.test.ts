import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD =
  'mutation ($input: [RagMetricInput!]!) { recordRagMetrics(input: $input) { accepted rejected { message } } }';
const FIELDS =
  'newest { service timestamp totalQueries topPatterns } totalPatterns totalQueries averageResponseTimeMs hitRate ' +
  'queryVolumeLastHour topPatterns { pattern count } recentQueries';

const METRICS = [
  // One row is before the range, one is an older one of a service, and one is after the range.
  { service: 'gone', timestamp: '2026-11-22T10:59:59Z', totalPatterns: 1000, totalQueries: 1000 },
  { service: 'docs', timestamp: '2026-11-22T11:10:00Z', totalPatterns: 90, totalQueries: 100, hitRate: 0.1 },
  { service: 'docs', timestamp: '2026-11-22T12:00:00Z', totalPatterns: 500, totalQueries: 500 },
  {
    service: 'docs',
    timestamp: '2026-11-22T11:30:00Z',
    totalPatterns: 100,
    totalQueries: 300,
    averageResponseTimeMs: 10,
    hitRate: 0.9,
    queryVolumeLastHour: 30,
    topPatterns: [{ pattern: 'retry', count: 7 }, { name: 'cache', hits: 2 }, 42],
    recentQueries: ['how to retry'],
  },
  {
    timestamp: '2026-11-22T11:20:00Z',
    totalPatterns: 20,
    totalQueries: 100,
    averageResponseTimeMs: 50,
    hitRate: 0.5,
    queryVolumeLastHour: 5,
    topPatterns: ['cache', 'saga'],
    recentQueries: [{ text: 'what is a saga' }, 'cache'],
  },
];

describeEachDatabase('ragOverview', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { recordRagMetrics } = await graphql.data(RECORD, { input: METRICS });
    expect(recordRagMetrics).toEqual({ accepted: METRICS.length, rejected: [] });
    await graphql.data(RECORD, { input: METRICS.slice(3) }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('combines the newest rows of the services', async () => {
    const { ragOverview } = await graphql.data(
      `{ ragOverview(range: { last: "PT1H" }) { range { from to } ${FIELDS} } }`,
    );
    expect(ragOverview).toEqual({
      range: { from: '2026-11-22T11:00:00.000Z', to: '2026-11-22T12:00:00.000Z' },
      newest: {
        service: 'docs',
        timestamp: '2026-11-22T11:30:00.000Z',
        totalQueries: 300,
        topPatterns: METRICS[3]?.topPatterns,
      },
      totalPatterns: 120,
      totalQueries: 400,
      averageResponseTimeMs: 20,
      hitRate: expect.closeTo(0.8, 10),
      queryVolumeLastHour: 35,
      topPatterns: [
        { pattern: 'retry', count: 7 },
        { pattern: 'cache', count: 3 },
        { pattern: 'saga', count: 1 },
      ],
      recentQueries: ['how to retry', { text: 'what is a saga' }, 'cache'],
    });
  });

  it('gives the requested number of patterns and queries', async () => {
    const { ragOverview } = await graphql.data(
      '{ ragOverview(range: { last: "PT1H" }, first: 1) { topPatterns { pattern } recentQueries } }',
    );
    expect(ragOverview).toEqual({ topPatterns: [{ pattern: 'retry' }], recentQueries: ['how to retry'] });
  });

  it('gives null for a range without rows', async () => {
    const range = '{ from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }';
    const { ragOverview } = await graphql.data(`{ ragOverview(range: ${range}) { ${FIELDS} } }`);
    expect(ragOverview).toEqual({
      newest: null,
      totalPatterns: 0,
      totalQueries: 0,
      averageResponseTimeMs: null,
      hitRate: null,
      queryVolumeLastHour: 0,
      topPatterns: [],
      recentQueries: [],
    });
  });

  it.each([
    ['range: { last: "PT1H" }, first: 0', 'first'],
    ['range: { last: "PT1H" }, first: 501', 'first'],
    ['range: { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }', 'range'],
  ])('refuses %s', async (args, argument) => {
    const { errors } = await graphql.run(`{ ragOverview(${args}) { totalQueries } }`);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(errors?.[0]?.extensions['argument']).toMatch(new RegExp(`^${argument}`));
  });

  it('puts the last received row first if a clock was ahead and then corrected', async () => {
    await using corrected = await startGraphQL(database);
    const report = (timestamp: string, totalQueries: number) =>
      corrected.data(RECORD, { input: [{ service: 'docs', timestamp, totalPatterns: 1, totalQueries }] });
    await report('2026-11-22T12:30:00Z', 1);
    corrected.clock.advance(60_000);
    await report('2026-11-22T12:01:00Z', 2);
    corrected.clock.advance(2_400_000);
    const { ragOverview } = await corrected.data(
      '{ ragOverview(range: { last: "PT1H" }) { totalQueries newest { totalQueries } } }',
    );
    expect(ragOverview).toEqual({ totalQueries: 2, newest: { totalQueries: 2 } });
  });

  it('finds the newest row of a past range even if a clock was ahead', async () => {
    await using ahead = await startGraphQL(database);
    const report = (timestamp: string, totalQueries: number) =>
      ahead.data(RECORD, { input: [{ service: 'docs', timestamp, totalPatterns: 1, totalQueries }] });
    await report('2026-11-22T12:30:00Z', 1);
    ahead.clock.advance(300_000);
    await report('2026-11-22T12:05:00Z', 2);
    const range = '{ from: "2026-11-22T12:10:00Z", to: "2026-11-22T13:00:00Z" }';
    const { ragOverview } = await ahead.data(`{ ragOverview(range: ${range}) { totalQueries } }`);
    expect(ragOverview).toEqual({ totalQueries: 1 });
  });

  it('needs three statements for any selection: the horizons, the keys of the newest rows, and these rows', async () => {
    const query = `{ ragOverview(range: { last: "PT1H" }) { ${FIELDS} } }`;
    expect(await graphql.countStatements(() => graphql.data(query))).toBe(3);
  });
});
