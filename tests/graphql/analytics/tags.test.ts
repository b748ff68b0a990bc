import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const DAY = '{ from: "2026-11-22T00:00:00Z", to: "2026-11-23T00:00:00Z" }';
const timestamp = '2026-11-22T09:00:00Z';

const TAGS = [
  { team: 'search', repo: 'shop', branch: 'main' },
  { team: 'search', repo: 'shop', branch: 'fix.1' },
  { team: 'Search', repo: 'blog', 'a.b': 'c' },
  { team: 'billing', repo: 'shop', branch: 'main' },
  {},
  null,
];

describeEachDatabase('tags', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const calls = TAGS.map((tags, index) => llmCall({ timestamp, latencyMs: index, cost: index, tags }));
    const requestLogs = [1, 2].map((number) => ({
      ...{ timestamp, requestId: `r${number}`, endpoint: '/', method: 'GET', statusCode: 200, latencyMs: 1 },
      tags: { team: 'search' },
    }));
    const inherited = { timestamp: '2026-11-21T09:00:00Z', requestId: 'r1' };
    await graphql.data('mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted } }', {
      input: {
        requestLogs,
        llmCalls: [...calls, llmCall(inherited), llmCall({ ...inherited, tags: { repo: 'own' } })],
        errorLogs: [{ ...inherited, errorType: 'E', errorMessage: 'e' }],
      },
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = async (selection: string, filter = '{}') =>
    (await graphql.data(`{ llmCallAnalytics(range: ${DAY}, filter: ${filter}) { ${selection} } }`))
      .llmCallAnalytics;

  it('are returned with their events', async () => {
    const { llmCalls } = await graphql.data(
      '{ llmCalls(filter: { latencyMs: { lte: 1 } }, orderBy: { field: LATENCY_MS, direction: ASC }) { nodes { tags } } }',
    );
    expect(llmCalls.nodes).toEqual([{ tags: TAGS[0] }, { tags: TAGS[1] }]);
  });

  it('group by one, and by several beside a dimension', async () => {
    const { groups, source } = await ask(
      `groups(orderBy: { field: COST }) { dimensions { team: tag(key: "team") } stats { count cost { sum } } }
      source { reason }`,
    );
    expect(groups).toEqual([
      { dimensions: { team: null }, stats: { count: 2, cost: { sum: 9 } } },
      { dimensions: { team: 'billing' }, stats: { count: 1, cost: { sum: 3 } } },
      { dimensions: { team: 'Search' }, stats: { count: 1, cost: { sum: 2 } } },
      { dimensions: { team: 'search' }, stats: { count: 2, cost: { sum: 1 } } },
    ]);
    expect(source.reason).toBe('raw rows: no rollup keeps tags.team');
    const { groups: byBranch } = await ask(
      'groups { dimensions { provider repo: tag(key: "repo") branch: tag(key: "branch") } stats { count } }',
      '{ tags: [{ key: "repo", eq: "shop" }] }',
    );
    expect(byBranch).toEqual([
      { dimensions: { provider: 'openai', repo: 'shop', branch: 'main' }, stats: { count: 2 } },
      { dimensions: { provider: 'openai', repo: 'shop', branch: 'fix.1' }, stats: { count: 1 } },
    ]);
  });

  it('split series, are listed and counted, and sort groups', async () => {
    const { series, distinct, totals, groups } = await ask(
      `series(grain: DAY, top: 1) { dimensions { repo: tag(key: "repo") } other points { stats { count } } }
      distinct(tag: "team", contains: "earch") { value count }
      totals { countDistinct(tag: "team") dotted: countDistinct(tag: "a.b") }
      groups(orderBy: { field: COUNT_DISTINCT, tag: "branch" }, first: 1) { dimensions { repo: tag(key: "repo") } }`,
    );
    expect(series).toEqual([
      { dimensions: { repo: 'shop' }, other: false, points: [{ stats: { count: 3 } }] },
      { dimensions: { repo: null }, other: true, points: [{ stats: { count: 3 } }] },
    ]);
    expect(distinct).toEqual([
      { value: 'search', count: 2 },
      { value: 'Search', count: 1 },
    ]);
    expect(totals).toEqual({ countDistinct: 3, dotted: 1 });
    expect(groups).toEqual([{ dimensions: { repo: 'shop' } }]);
  });

  it.each([
    ['{ key: "team", eq: "search" }', [0, 1]],
    ['{ key: "team", ne: "search" }', [2, 3, 4, 5]],
    ['{ key: "team", in: ["Search", "billing"] }', [2, 3]],
    ['{ key: "team", eq: null }', [4, 5]],
    ['{ key: "branch", startsWith: "fix" }', [1]],
    ['{ key: "a.b", contains: "c" }', [2]],
    ['[{ key: "team", eq: "search" }, { key: "branch", eq: "main" }]', [0]],
  ])('filter by %s lists and analytics', async (tags, found) => {
    const filter = `{ tags: ${tags} }`;
    const { llmCalls } = await graphql.data(
      `{ llmCalls(filter: { and: [${filter}, { timestamp: { eq: "${timestamp}" } }] }, orderBy: { field: LATENCY_MS, direction: ASC }) { nodes { latencyMs } } }`,
    );
    expect(llmCalls.nodes.map(({ latencyMs }: { latencyMs: number }) => latencyMs)).toEqual(found);
    expect((await ask('totals { count }', filter)).totals.count).toBe(found.length);
  });

  it('divide numbers of two datasets', async () => {
    const { ratio } = await graphql.data(`{ ratio(
      range: ${DAY}, numerator: { llmCalls: { measure: COST } }, denominator: { requestLogs: {} }
    ) { groups(first: 2, orderBy: { field: VALUE }) { dimensions { team: tag(key: "team") } value } } }`);
    expect(ratio.groups[0]).toEqual({ dimensions: { team: 'search' }, value: 0.5 });
  });

  it('are inherited from a request by its calls and errors', async () => {
    const { llmCalls, errorLogs } = await graphql.data(
      '{ llmCalls(filter: { requestId: { eq: "r1" } }) { nodes { tags } } errorLogs { nodes { tags } } }',
    );
    expect(llmCalls.nodes).toEqual(
      expect.arrayContaining([{ tags: { team: 'search' } }, { tags: { repo: 'own' } }]),
    );
    expect(errorLogs.nodes).toEqual([{ tags: { team: 'search' } }]);
  });

  it('select what a live tail delivers, and group the alerts of a rule', async () => {
    const tail = await graphql.subscribe(
      'subscription { llmCallRecorded(filter: { tags: [{ key: "team", eq: "live" }] }) { latencyMs } }',
    );
    const next = tail.next();
    await graphql.data('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
      input: ['dead', 'live'].map((team, latencyMs) =>
        llmCall({ timestamp: '2026-11-20T00:00:00Z', latencyMs, tags: { team } }),
      ),
    });
    expect((await next).value.data).toEqual({ llmCallRecorded: { latencyMs: 1 } });
    await tail.return?.();
    const { previewAlertRule } = await graphql.data(`{ previewAlertRule(range: ${DAY}, input: {
      ruleId: "r", name: "r", dataset: "llmCalls", aggregate: SUM, measure: "cost", groupBy: ["tags.team"],
      comparator: GT, critical: 2.5, window: "PT1H"
    }) { firings { labels } } }`);
    expect(previewAlertRule.firings.map(({ labels }: { labels: unknown }) => labels)).toEqual(
      expect.arrayContaining([{ 'tags.team': 'billing' }]),
    );
  });

  it.each([
    ['groups { dimensions { tag(key: "") } }', 'key', 'key of a tag'],
    ['distinct(dimension: MODEL, tag: "a") { value }', 'dimension', 'exactly one of'],
    ['groups(orderBy: { field: COST, tag: "a" }) { stats { count } }', 'orderBy.tag', 'COUNT_DISTINCT'],
  ])('refuse %s and name the argument', async (selection, argument, message) => {
    const { errors } = await graphql.run(`{ llmCallAnalytics(range: ${DAY}) { ${selection} } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(errors?.[0]?.message).toContain(message);
  });
});
