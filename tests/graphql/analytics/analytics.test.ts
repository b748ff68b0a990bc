import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Analytics } from '../../../src/analytics/analytics.ts';
import type { WantedMeasure } from '../../../src/analytics/spec.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { errorLog, llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { CALLS } from '../support/calls.ts';

const DAY = '{ from: "2026-11-22T00:00:00Z", to: "2026-11-23T00:00:00Z" }';

type Asked = { readonly method: string; readonly args: readonly unknown[] };

function spyOn(analytics: Analytics, asked: Asked[]): Analytics {
  const noting =
    <Args extends readonly unknown[], Value>(method: string, call: (...args: Args) => Value) =>
    (...args: Args): Value => {
      asked.push({ method, args: args.slice(1) });
      return call(...args);
    };
  return {
    ...analytics,
    totals: noting('totals', analytics.totals),
    groups: noting('groups', analytics.groups),
    series: noting('series', analytics.series),
  };
}

describeEachDatabase('analytics', (database) => {
  let graphql: TestGraphQL;
  const asked: Asked[] = [];
  beforeAll(async () => {
    graphql = await startGraphQL(database, {
      replace: ({ analytics }) => ({ analytics: spyOn(analytics, asked) }),
    });
    await graphql.data('mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted } }', {
      input: {
        llmCalls: CALLS.map((call) => llmCall({ ...call, promptTokens: 10 })),
        errorLogs: [
          errorLog({ severity: 'WARNING', timestamp: '2026-11-22T11:00:00Z' }),
          errorLog({ timestamp: '2026-11-21T15:00:00Z' }),
        ],
      },
    });
    await graphql.data(
      'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }',
      { input: [llmCall({ latencyMs: 1e6 })] },
      'another-project',
    );
  });
  afterAll(() => graphql[Symbol.asyncDispose]());
  beforeEach(() => void asked.splice(0));

  const ask = async (selection: string, args = `range: ${DAY}`) =>
    (await graphql.data(`{ llmCallAnalytics(${args}) { ${selection} } }`)).llmCallAnalytics;

  describe('totals', () => {
    it('give counts, rates and the statistics of measures', async () => {
      const { totals } = await ask(`totals {
        count successCount errorCount successRate errorRate
        latencyMs { count sum avg min max p50 } cost { count sum avg } timeToFirstTokenMs { count sum avg min max p50 quantile(p: 0.1) }
      }`);
      expect(totals).toEqual({
        count: 7,
        successCount: 4,
        errorCount: 3,
        successRate: 4 / 7,
        errorRate: 3 / 7,
        latencyMs: { count: 7, sum: 1350, avg: 1350 / 7, min: 50, max: 400, p50: expect.closeTo(200, -1) },
        cost: { count: 5, sum: expect.closeTo(0.11, 9), avg: expect.closeTo(0.022, 9) },
        timeToFirstTokenMs: {
          count: 0,
          sum: null,
          avg: null,
          min: null,
          max: null,
          p50: null,
          quantile: null,
        },
      });
    });

    it('give no rates without events', async () => {
      const { totals } = await ask(
        'totals { count successRate errorRate latencyMs { avg } }',
        `range: ${DAY}, filter: { model: { eq: "none" } }`,
      );
      expect(totals).toEqual({ count: 0, successRate: null, errorRate: null, latencyMs: { avg: null } });
    });

    it('compute only the selected measures, totals and quantiles, through fragments, aliases and directives', async () => {
      await graphql.data(
        `query ($p: Float!, $no: Boolean!) {
          llmCallAnalytics(range: ${DAY}) {
            totals { ...Numbers one: latencyMs { median: p50 } cost @include(if: $no) { sum } totalTokens { p99 @skip(if: true) sum } }
          }
        }
        fragment Numbers on LlmCallStats { count latencyMs { p95 low: quantile(p: $p) quantile(p: 0.5) } ... { promptTokens { avg } } }`,
        { p: 0.05, no: false },
      );
      const wanted = (asked[0]?.args[0] ?? []) as WantedMeasure[];
      const sorted = [...wanted].sort((one, other) => one.measure.localeCompare(other.measure));
      expect(asked).toHaveLength(1);
      expect(
        sorted.map(({ measure, totals, quantiles }) => [measure, totals, [...quantiles].sort()]),
      ).toEqual([
        ['latencyMs', [], [0.05, 0.5, 0.95]],
        ['promptTokens', ['sum'], []],
        ['totalTokens', ['sum'], []],
      ]);
    });
  });

  describe('groups', () => {
    it('use the selected dimensions, the largest group first', async () => {
      const { groups } = await ask('groups { dimensions { provider } stats { count latencyMs { max } } }');
      expect(groups).toEqual([
        { dimensions: { provider: 'openai' }, stats: { count: 4, latencyMs: { max: 400 } } },
        { dimensions: { provider: 'anthropic' }, stats: { count: 2, latencyMs: { max: 200 } } },
        { dimensions: { provider: 'mistral' }, stats: { count: 1, latencyMs: { max: 50 } } },
      ]);
      const { groups: finer } = await ask('groups { dimensions { model service } stats { count } }');
      expect(finer).toContainEqual({ dimensions: { model: 'large', service: 'api' }, stats: { count: 1 } });
      expect(finer).toContainEqual({ dimensions: { model: 'large', service: null }, stats: { count: 1 } });
      expect(finer).toHaveLength(5);
    });

    it('form one group without dimensions', async () => {
      expect((await ask('groups { stats { count } }')).groups).toEqual([{ stats: { count: 7 } }]);
    });

    it.each([
      ['{ field: COST }', ['openai', 'anthropic', 'mistral']],
      ['{ field: COST, aggregate: AVG }', ['anthropic', 'openai', 'mistral']],
      ['{ field: LATENCY_MS, aggregate: MIN, direction: ASC }', ['mistral', 'anthropic', 'openai']],
      ['{ field: LATENCY_MS, aggregate: P95, direction: DESC }', ['openai', 'anthropic', 'mistral']],
      ['{ field: ERROR_RATE }', ['mistral', 'anthropic', 'openai']],
      ['{ field: SUCCESS_RATE }', ['openai', 'anthropic', 'mistral']],
      ['{ field: COUNT, direction: ASC }', ['mistral', 'anthropic', 'openai']],
      ['{ field: COUNT_DISTINCT, dimension: ERROR_TYPE }', ['anthropic', 'openai', 'mistral']],
      ['{ field: COUNT_DISTINCT, dimension: MODEL, direction: ASC }', ['anthropic', 'mistral', 'openai']],
    ])('are sorted by %s', async (orderBy, providers) => {
      const { groups } = await ask(`groups(orderBy: ${orderBy}) { dimensions { provider } }`);
      expect(
        groups.map(({ dimensions }: { dimensions: { provider: string } }) => dimensions.provider),
      ).toEqual(providers);
    });

    it('have a limit', async () => {
      const { groups } = await ask('groups(first: 2) { dimensions { provider } }');
      expect(groups).toHaveLength(2);
    });
  });

  describe('series', () => {
    it('give one point per bucket', async () => {
      const range = 'range: { from: "2026-11-22T09:00:00Z", to: "2026-11-22T12:00:00Z" }';
      const { series } = await ask(
        'series(grain: HOUR) { other points { start end stats { count cost { sum } } } }',
        range,
      );
      expect(series).toEqual([
        {
          other: false,
          points: [
            {
              start: '2026-11-22T09:00:00.000Z',
              end: '2026-11-22T10:00:00.000Z',
              stats: { count: 3, cost: { sum: expect.closeTo(0.08, 9) } },
            },
            {
              start: '2026-11-22T10:00:00.000Z',
              end: '2026-11-22T11:00:00.000Z',
              stats: { count: 1, cost: { sum: expect.closeTo(0.03, 9) } },
            },
            {
              start: '2026-11-22T11:00:00.000Z',
              end: '2026-11-22T12:00:00.000Z',
              stats: { count: 3, cost: { sum: 0 } },
            },
          ],
        },
      ]);
    });

    it('are split by dimensions: the top N, and all others together', async () => {
      const { series } = await ask(
        'series(grain: DAY, top: 1) { dimensions { provider } other points { stats { count } } }',
      );
      expect(series).toEqual([
        { dimensions: { provider: 'openai' }, other: false, points: [{ stats: { count: 4 } }] },
        { dimensions: { provider: null }, other: true, points: [{ stats: { count: 3 } }] },
      ]);
    });

    it('are split by dimensions in another order', async () => {
      const { series } = await ask(
        'series(grain: DAY, top: 1, orderBy: { field: COST, aggregate: MAX }) { dimensions { provider } other points { stats { count } } }',
      );
      expect(series).toEqual([
        { dimensions: { provider: 'anthropic' }, other: false, points: [{ stats: { count: 2 } }] },
        { dimensions: { provider: null }, other: true, points: [{ stats: { count: 5 } }] },
      ]);
    });

    it('follow the calendar of a time zone', async () => {
      const { series } = await ask(
        'series(grain: DAY, timeZone: "Asia/Kolkata") { points { start stats { count } } }',
        'range: { from: "2026-11-21T18:30:00Z", to: "2026-11-23T18:30:00Z" }',
      );
      expect(series[0].points).toEqual([
        { start: '2026-11-21T18:30:00.000Z', stats: { count: 7 } },
        { start: '2026-11-22T18:30:00.000Z', stats: { count: 0 } },
      ]);
    });

    it('omit empty buckets on request', async () => {
      const { series } = await ask('series(grain: HOUR, fill: NONE) { points { start } }');
      expect(series[0].points).toHaveLength(3);
    });

    it('use defaults for null', async () => {
      const { series } = await ask(
        'series(grain: null, timeZone: null, top: null, orderBy: null, fill: null) { points { start } }',
      );
      expect(series[0].points.length).toBeGreaterThan(24);
    });
  });

  describe('the source', () => {
    it('is ROLLUP if rollups can answer', async () => {
      const { source } = await ask('source { kind grain rowsRead reason } totals { count }');
      expect(source).toEqual({
        kind: 'ROLLUP',
        grain: 'DAY',
        rowsRead: 1,
        reason: expect.stringMatching(/./),
      });
    });

    it('is ROWS if no rollup can answer', async () => {
      const { source } = await ask('source { kind grain rowsRead } groups { dimensions { finishReason } }');
      expect(source).toEqual({ kind: 'RAW', grain: null, rowsRead: 7 });
    });

    it('covers all fields beside it together, wherever it is', async () => {
      const { source } = await ask(
        'source { kind grain rowsRead } totals { count } byReason: groups { dimensions { finishReason } } previous { source { kind } totals { count } }',
      );
      expect(source).toEqual({ kind: 'MIXED', grain: 'DAY', rowsRead: 8 });
    });

    it('is computed once if the range is selected beside it', async () => {
      expect((await ask('range { from } source { rowsRead }')).source).toEqual({ rowsRead: 1 });
    });

    it('covers the count if it is selected alone', async () => {
      expect((await ask('source { kind }')).source).toEqual({ kind: 'ROLLUP' });
    });
  });

  it('work for every dataset, also without success and with enums as dimensions', async () => {
    const { errorLogAnalytics } = await graphql.data(`{
      errorLogAnalytics(range: { last: "P2D" }, filter: { severity: { in: [WARNING, ERROR] } }) {
        totals { count } groups { dimensions { severity errorType } stats { count } }
      }
    }`);
    expect(errorLogAnalytics.totals).toEqual({ count: 2 });
    expect(errorLogAnalytics.groups).toHaveLength(2);
    expect(errorLogAnalytics.groups).toContainEqual({
      dimensions: { severity: 'WARNING', errorType: 'TimeoutError' },
      stats: { count: 1 },
    });
  });
});
