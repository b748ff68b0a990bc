import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const DAY = '{ from: "2026-11-22T00:00:00Z", to: "2026-11-23T00:00:00Z" }';
const timestamp = '2026-11-22T09:00:00Z';
const PARTS = {
  ...{ promptTokens: 1000, cachedPromptTokens: 500, cacheWritePromptTokens: 300 },
  ...{ audioPromptTokens: 20, imagePromptTokens: 30 },
  ...{ completionTokens: 100, reasoningTokens: 60, audioCompletionTokens: 40, toolCallCount: 2 },
};

describeEachDatabase('calls with all parts, and without a latency', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const call = { timestamp, provider: 'anthropic', model: 'claude-sonnet-4-5' };
    const session = { sessionId: 's-1', promptVersion: 'triage@12', serviceTier: 'BATCH' };
    await graphql.data('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
      input: [
        { ...call, ...PARTS, ...session },
        { ...call, promptTokens: 10, latencyMs: 100, ...session },
        { ...call, latencyMs: 300, sessionId: 's-2' },
        { ...call, model: 'claude-haiku-4-5' },
      ],
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = async (selection: string, filter = '{}') =>
    (await graphql.data(`{ llmCallAnalytics(range: ${DAY}, filter: ${filter}) { ${selection} } }`))
      .llmCallAnalytics;

  it('are returned as sent; an absent latency is null, and last in both orders', async () => {
    const names = Object.keys(PARTS).join(' ');
    const { llmCalls } = await graphql.data(
      `{ llmCalls(filter: { serviceTier: { eq: BATCH }, sessionId: { eq: "s-1" }, latencyMs: { eq: null } }) { nodes { ${names} totalTokens latencyMs promptVersion } } }`,
    );
    expect(llmCalls.nodes).toEqual([
      { ...PARTS, totalTokens: 1100, latencyMs: null, promptVersion: 'triage@12' },
    ]);
    for (const [direction, latencies] of [
      ['ASC', [100, 300, null, null]],
      ['DESC', [300, 100, null, null]],
    ] as const) {
      const list = await graphql.data(
        `{ llmCalls(orderBy: { field: LATENCY_MS, direction: ${direction} }) { nodes { latencyMs } } }`,
      );
      expect(list.llmCalls.nodes.map(({ latencyMs }: { latencyMs: number }) => latencyMs)).toEqual(latencies);
    }
  });

  it.each([
    ['of cells', 'model', 'ROLLUP'],
    ['of rows', 'sessionId', 'RAW'],
  ])('average the parts that calls have, in the answers %s', async (_, dimension, kind) => {
    const { groups, source } = await ask(
      `groups { dimensions { key: ${dimension} } stats { count latencyMs { count avg p95 } cacheWritePromptTokens { sum } toolCallCount { sum } } }
      source { kind }`,
    );
    const of = (key: string | null) =>
      groups.find(({ dimensions }: { dimensions: { key: string } }) => dimensions.key === key).stats;
    expect(source.kind).toBe(kind);
    const parts = { cacheWritePromptTokens: { sum: 300 }, toolCallCount: { sum: 2 } };
    if (kind === 'ROLLUP') {
      expect(of('claude-sonnet-4-5')).toMatchObject({
        count: 3,
        latencyMs: { count: 2, avg: 200 },
        ...parts,
      });
      expect(of('claude-haiku-4-5')).toMatchObject({
        count: 1,
        latencyMs: { count: 0, avg: null, p95: null },
      });
    } else {
      expect(of('s-1')).toMatchObject({ count: 2, latencyMs: { count: 1, avg: 100, p95: 100 }, ...parts });
      expect(of(null)).toMatchObject({ count: 1, latencyMs: { count: 0, avg: null, p95: null } });
    }
  });

  it('omit missing parts from histograms and statistics of models', async () => {
    const { histogram } = await ask('histogram(measure: LATENCY_MS, buckets: 2) { count buckets { count } }');
    expect(histogram).toEqual({ count: 2, buckets: [{ count: 1 }, { count: 1 }] });
    const { modelStats, summary } = await graphql.data(
      `{ modelStats(range: ${DAY}) { model averageLatencyMs p95LatencyMs } summary(range: ${DAY}) { averageLatencyMs } }`,
    );
    expect(modelStats).toEqual([
      { model: 'claude-sonnet-4-5', averageLatencyMs: 200, p95LatencyMs: expect.closeTo(290, -1) },
      { model: 'claude-haiku-4-5', averageLatencyMs: null, p95LatencyMs: null },
    ]);
    expect(summary.averageLatencyMs).toBe(200);
  });

  it('raise no alert on latency if there is none', async () => {
    const { previewAlertRule } = await graphql.data(`{ previewAlertRule(range: ${DAY}, input: {
      ruleId: "r", name: "r", dataset: "llmCalls", aggregate: AVG, measure: "latencyMs", groupBy: ["model"],
      comparator: LT, critical: 1000, window: "PT1H"
    }) { firings { labels } } }`);
    expect(previewAlertRule.firings).toEqual([{ labels: { model: 'claude-sonnet-4-5' } }]);
  });
});
