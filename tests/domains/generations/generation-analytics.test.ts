import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { generation } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD = 'mutation ($input: [GenerationInput!]!) { recordGenerations(input: $input) { accepted } }';
const TODAY = 'range: { from: "2026-11-22T00:00:00Z", to: "2026-11-23T00:00:00Z" }';

const GENERATIONS = [
  { timestamp: '2026-11-22T09:10:00Z', durationMs: 100, cost: 0.01, totalTokens: 10 },
  { timestamp: '2026-11-22T09:50:00Z', durationMs: 200, cost: 0.02, kind: 'c4', endUser: 'ann' },
  { timestamp: '2026-11-22T11:10:00Z', durationMs: 300, errorType: 'timeout', model: undefined },
  { timestamp: '2026-11-22T11:20:00Z', durationMs: 1000, provider: 'anthropic', kind: 'c4', endUser: 'ann' },
  { timestamp: '2026-11-21T11:20:00Z', durationMs: 50, provider: 'anthropic' },
].map((fields, index) => generation(`g-${index}`, fields));

describeEachDatabase('generationAnalytics', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const { recordGenerations } = await graphql.data(RECORD, { input: GENERATIONS });
    expect(recordGenerations).toEqual({ accepted: 5 });
    // Events that are sent again change no total.
    await graphql.data(RECORD, { input: GENERATIONS });
    await graphql.data(RECORD, { input: [generation('g-0', { durationMs: 1e6 })] }, 'another-project');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = async (selection: string, args = TODAY, projectId?: string) =>
    (await graphql.data(`{ generationAnalytics(${args}) { ${selection} } }`, {}, projectId))
      .generationAnalytics;

  it('gives totals', async () => {
    const { totals } = await ask(`totals {
      count successCount errorCount successRate
      durationMs { count sum avg min max p50 } cost { count sum } totalTokens { count sum avg max }
    }`);
    expect(totals).toEqual({
      count: 4,
      successCount: 3,
      errorCount: 1,
      successRate: 0.75,
      durationMs: { count: 4, sum: 1600, avg: 400, min: 100, max: 1000, p50: expect.closeTo(250, -1) },
      cost: { count: 2, sum: 0.03 },
      totalTokens: { count: 1, sum: 10, avg: 10, max: 10 },
    });
  });

  it('gives groups by any dimensions', async () => {
    const { byKind, byModel, byUser } = await ask(`
      byKind: groups { dimensions { kind } stats { count successRate durationMs { avg } } }
      byModel: groups(orderBy: { field: DURATION_MS, aggregate: AVG, direction: DESC }) {
        dimensions { provider model } stats { count }
      }
      byUser: groups { dimensions { endUser errorType } stats { count } }
    `);
    expect(byKind).toEqual([
      { dimensions: { kind: 'aws' }, stats: { count: 2, successRate: 0.5, durationMs: { avg: 200 } } },
      { dimensions: { kind: 'c4' }, stats: { count: 2, successRate: 1, durationMs: { avg: 600 } } },
    ]);
    expect(byModel).toEqual([
      { dimensions: { provider: 'anthropic', model: 'gpt-4o' }, stats: { count: 1 } },
      { dimensions: { provider: 'openai', model: null }, stats: { count: 1 } },
      { dimensions: { provider: 'openai', model: 'gpt-4o' }, stats: { count: 2 } },
    ]);
    expect(byUser).toHaveLength(3);
    expect(byUser[0]).toEqual({ dimensions: { endUser: 'ann', errorType: null }, stats: { count: 2 } });
  });

  it('gives series, including empty hours', async () => {
    const { series } = await ask(
      'series(grain: HOUR) { points { start stats { count durationMs { sum } } } }',
      'range: { from: "2026-11-22T09:00:00Z", to: "2026-11-22T12:00:00Z" }',
    );
    expect(series).toEqual([
      {
        points: [
          { start: '2026-11-22T09:00:00.000Z', stats: { count: 2, durationMs: { sum: 300 } } },
          { start: '2026-11-22T10:00:00.000Z', stats: { count: 0, durationMs: { sum: 0 } } },
          { start: '2026-11-22T11:00:00.000Z', stats: { count: 2, durationMs: { sum: 1300 } } },
        ],
      },
    ]);
  });

  it('gives a series per value of a dimension', async () => {
    const { series } = await ask('series(grain: DAY) { dimensions { provider } points { stats { count } } }');
    expect(series).toEqual([
      { dimensions: { provider: 'openai' }, points: [{ stats: { count: 3 } }] },
      { dimensions: { provider: 'anthropic' }, points: [{ stats: { count: 1 } }] },
    ]);
  });

  it('compares with the range before', async () => {
    expect(await ask('totals { count } previous { totals { count durationMs { max } } }')).toEqual({
      totals: { count: 4 },
      previous: { totals: { count: 1, durationMs: { max: 50 } } },
    });
  });

  it('filters', async () => {
    const count = async (filter: string) =>
      (await ask('totals { count }', `${TODAY}, filter: { ${filter} }`)).totals.count;
    expect(await count('kind: { eq: "c4" }')).toBe(2);
    expect(await count('endUser: { eq: null }')).toBe(2);
    expect(await count('success: { eq: false }, provider: { eq: "openai" }')).toBe(1);
    expect(await count('durationMs: { gte: 300 }')).toBe(2);
  });

  it('reads rollups, and rows if no rollup can answer', async () => {
    expect(await ask('totals { count } source { kind grain }')).toMatchObject({
      source: { kind: 'ROLLUP', grain: 'DAY' },
    });
    const args = `${TODAY}, filter: { endUser: { eq: "ann" } }`;
    expect(await ask('totals { count } source { kind }', args)).toEqual({
      totals: { count: 2 },
      source: { kind: 'RAW' },
    });
  });

  it('stays within the project', async () => {
    const range = 'range: { from: "2026-11-20T00:00:00Z", to: "2026-11-24T00:00:00Z" }';
    expect(await ask('totals { count durationMs { max } }', range, 'another-project')).toEqual({
      totals: { count: 1, durationMs: { max: 1e6 } },
    });
  });
});
