import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const DAY = '{ from: "2026-11-22T00:00:00Z", to: "2026-11-23T00:00:00Z" }';

const ATTRIBUTES = [
  { region: 'eu', size: 1.5, 'a.b': { 'c"d': 1 }, cart: { items: 3 } },
  { region: 'eu', size: 1.5, cart: { items: 5 } },
  { region: 'us', size: 2, cart: { items: 'many' } },
  { region: 'us', size: '2', cart: { items: [7] } },
  { region: 4, size: -1, cart: { items: true } },
  { region: true, size: 0 },
  { region: null, size: null },
  { region: ['eu'], cart: { items: null } },
  null,
];

describeEachDatabase('attributes', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const timestamp = '2026-11-22T09:00:00Z';
    await graphql.data('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
      input: ATTRIBUTES.map((attributes, index) => llmCall({ timestamp, latencyMs: index, attributes })),
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = async (selection: string, filter = '{}') =>
    (await graphql.data(`{ llmCallAnalytics(range: ${DAY}, filter: ${filter}) { ${selection} } }`))
      .llmCallAnalytics;

  it('group events: numbers, then text, then booleans, and events without a value last', async () => {
    const { groups, source } = await ask(
      'groups { dimensions { region: attribute(path: "region") } stats { count } } source { kind reason }',
    );
    expect(
      groups.map(({ dimensions, stats }: Record<string, Record<string, unknown>>) => [
        dimensions?.['region'],
        stats?.['count'],
      ]),
    ).toEqual([
      [null, 3],
      ['eu', 2],
      ['us', 2],
      [4, 1],
      [true, 1],
    ]);
    expect(source).toEqual({ kind: 'RAW', reason: 'raw rows: no rollup keeps attributes.region' });
  });

  it('split series, beside a dimension, with keys that need quotes', async () => {
    const { series } = await ask(
      `series(grain: DAY, top: 1) {
        dimensions { provider quoted: attribute(path: "\\"a.b\\".c\\"d") region: attribute(path: "region") }
        other points { stats { count } }
      }`,
      '{ attributes: { path: "region", eq: "eu" } }',
    );
    expect(series).toEqual([
      {
        dimensions: { provider: 'openai', quoted: 1, region: 'eu' },
        other: false,
        points: [{ stats: { count: 1 } }],
      },
      {
        dimensions: { provider: null, quoted: null, region: null },
        other: true,
        points: [{ stats: { count: 1 } }],
      },
    ]);
  });

  it('have statistics of their numbers, and say how many values are not numbers', async () => {
    const { totals } = await ask(
      `totals {
        size: attribute(path: "size") { count sum avg min max p50 quantile(p: 1) notNumbers }
        items: attribute(path: "cart.items") { count sum notNumbers }
        none: attribute(path: "nothing.here") { count sum min p95 notNumbers }
      }`,
    );
    expect(totals).toEqual({
      size: { count: 5, sum: 4, avg: 0.8, min: -1, max: 2, p50: 1.5, quantile: 2, notNumbers: 1 },
      items: { count: 2, sum: 8, notNumbers: 3 },
      none: { count: 0, sum: null, min: null, p95: null, notNumbers: 0 },
    });
  });

  it('have distinct values, which can be counted and listed', async () => {
    const { totals, distinct, found } = await ask(
      `totals { regions: countDistinct(attribute: "region") sizes: countDistinct(attribute: "size") }
      distinct(attribute: "region") { value count }
      found: distinct(attribute: "region", contains: "u") { value }`,
    );
    expect(totals).toEqual({ regions: 4, sizes: 5 });
    expect(distinct).toEqual([
      { value: 'eu', count: 2 },
      { value: 'us', count: 2 },
      { value: 4, count: 1 },
      { value: true, count: 1 },
    ]);
    expect(found).toEqual([{ value: 'eu' }, { value: 'us' }]);
  });

  it('sort groups', async () => {
    const regions = async (orderBy: string) => {
      const { groups } = await ask(
        `groups(orderBy: ${orderBy}, first: 2) { dimensions { region: attribute(path: "region") } }`,
        '{ attributes: { path: "region", in: ["eu", "us", 4] } }',
      );
      return groups.map(({ dimensions }: { dimensions: { region: unknown } }) => dimensions.region);
    };
    expect(await regions('{ field: ATTRIBUTE, attribute: "size" }')).toEqual(['eu', 'us']);
    expect(await regions('{ field: ATTRIBUTE, attribute: "size", aggregate: MIN, direction: ASC }')).toEqual([
      4,
      'eu',
    ]);
    expect(await regions('{ field: COUNT_DISTINCT, attribute: "size" }')).toEqual(['us', 4]);
  });

  it('have histograms of their numbers', async () => {
    const { histogram } = await ask(
      'histogram(attribute: "size", buckets: 3) { count underflow overflow buckets { from to count } }',
    );
    expect(histogram).toEqual({
      ...{ count: 5, underflow: 0, overflow: 0 },
      buckets: [
        { from: -1, to: 0, count: 1 },
        { from: 0, to: 1, count: 1 },
        { from: 1, to: 2, count: 3 },
      ],
    });
  });

  describe('in filters', () => {
    it.each([
      ['{ path: "region", eq: "eu" }', [0, 1]],
      ['{ path: "region", ne: "eu" }', [2, 3, 4, 5, 6, 7, 8]],
      ['{ path: "region", in: ["us", 4, true] }', [2, 3, 4, 5]],
      ['{ path: "region", eq: null }', [6, 7, 8]],
      ['{ path: "region", ne: null, notIn: ["eu"] }', [2, 3, 4, 5]],
      ['{ path: "region", contains: "u" }', [0, 1, 2, 3]],
      ['{ path: "region", startsWith: "U" }', []],
      ['{ path: "size", eq: 1.50 }', [0, 1]],
      ['{ path: "size", eq: "2" }', [3]],
      ['{ path: "size", gt: 0 }', [0, 1, 2]],
      ['{ path: "size", lte: "2" }', [3]],
      ['[{ path: "cart.items", gte: 3 }, { path: "region", eq: "eu" }, { path: "size", gt: 1 }]', [0, 1]],
      ['{ path: "\\"a.b\\".\\"c\\\\\\"d\\"", eq: 1 }', [0]],
    ])('%s of lists and of analytics', async (attributes, found) => {
      const filter = `{ attributes: ${attributes} }`;
      const { llmCalls } = await graphql.data(
        `{ llmCalls(filter: ${filter}, orderBy: { field: LATENCY_MS, direction: ASC }) { nodes { latencyMs } } }`,
      );
      expect(llmCalls.nodes.map(({ latencyMs }: { latencyMs: number }) => latencyMs)).toEqual(found);
      expect((await ask('totals { count }', filter)).totals.count).toBe(found.length);
      const others = await ask('totals { count }', `{ not: ${filter} }`);
      expect(others.totals.count).toBe(ATTRIBUTES.length - found.length);
    });

    it('select what a live tail delivers', async () => {
      const tail = await graphql.subscribe(
        `subscription { llmCallRecorded(filter: { attributes: { path: "cart.items", gt: 8 } }) { latencyMs } }`,
      );
      const next = tail.next();
      await graphql.data(
        'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }',
        {
          input: [8, 9].map((items) =>
            llmCall({ latencyMs: items, timestamp: '2026-11-21T00:00:00Z', attributes: { cart: { items } } }),
          ),
        },
      );
      expect((await next).value.data).toEqual({ llmCallRecorded: { latencyMs: 9 } });
      await tail.return?.();
    });
  });

  it.each([
    ['groups { dimensions { attribute(path: "a..b") } }', 'path', 'keys separated by dots'],
    ['totals { attribute(path: "") { count } }', 'path', 'keys separated by dots'],
    ['distinct { value }', 'dimension', 'exactly one of'],
    ['distinct(dimension: MODEL, attribute: "a") { value }', 'dimension', 'exactly one of'],
    ['totals { countDistinct }', 'dimension', 'exactly one of'],
    ['histogram { count }', 'measure', 'exactly one of'],
    ['groups(orderBy: { field: ATTRIBUTE }) { stats { count } }', 'orderBy.attribute', 'needs'],
    [
      'groups(orderBy: { field: COST, attribute: "a" }) { stats { count } }',
      'orderBy.attribute',
      'takes none',
    ],
  ])('refuse %s and name the argument', async (selection, argument, message) => {
    const { errors } = await graphql.run(`{ llmCallAnalytics(range: ${DAY}) { ${selection} } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(errors?.[0]?.message).toContain(message);
  });

  it.each([
    ['{ path: "a..b", eq: 1 }', 'filter.attributes.0.path'],
    ['{ path: "a", gt: true }', 'filter.attributes.0.gt'],
    ['{ path: "a", eq: [1] }', 'filter.attributes.0.eq'],
  ])('refuse the filter %s and name the wrong part', async (test, argument) => {
    const { errors } = await graphql.run(`{ llmCalls(filter: { attributes: [${test}] }) { nodes { id } } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });
});
