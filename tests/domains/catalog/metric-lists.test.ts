import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

const METRICS = [
  { metricId: 'revenue', owner: '@finance', tags: ['money', 'daily'], trustScore: 90 },
  { metricId: 'costs', owner: '@finance', tags: ['money'], trustScore: 40 },
  { metricId: 'signups', owner: '@growth', tags: ['people', 'daily'], trustScore: 70 },
  { metricId: 'orphan', tags: [], trustScore: 10 },
];

describeEachDatabase('lists of the catalog', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    catalog = catalogOf(graphql);
    for (const { metricId, ...fields } of METRICS) {
      graphql.clock.advance(1000);
      await catalog.create(metricId, fields);
    }
    for (const owner of ['@a', '@b', '@c', '@d', '@e']) {
      await catalog.change('updateMetric', {
        metricId: 'costs',
        changedBy: `by ${owner}`,
        owner,
        tags: [owner],
      });
    }
    await catalog.change('updateMetric', {
      metricId: 'costs',
      changedBy: 'me',
      owner: '@finance',
      tags: ['money'],
    });
    await catalog.change('updateMetric', { metricId: 'revenue', changedBy: 'me', description: 'Sum' });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  test.each<[string, string, string[]]>([
    ['all, newest first', '', ['orphan', 'signups', 'costs', 'revenue']],
    ['by owner', '(filter: { owner: { eq: "@finance" } })', ['costs', 'revenue']],
    ['without an owner', '(filter: { owner: { eq: null } })', ['orphan']],
    ['by tag', '(filter: { tags: { has: "daily" } })', ['signups', 'revenue']],
    ['by tags', '(filter: { tags: { hasEvery: ["money", "daily"] } })', ['revenue']],
    ['by owner and tag', '(filter: { owner: { eq: "@finance" }, tags: { has: "daily" } })', ['revenue']],
    [
      'by trust',
      '(filter: { trustScore: { gte: 70 } }, orderBy: { field: TRUST_SCORE })',
      ['revenue', 'signups'],
    ],
    ['by id', '(orderBy: { field: METRIC_ID, direction: ASC }, first: 2)', ['costs', 'orphan']],
  ])('%s', async (_what, args, expected) => {
    const { metrics } = await graphql.data(`{ metrics${args} { nodes { metricId } } }`);
    expect(metrics.nodes.map(({ metricId }: { metricId: string }) => metricId)).toEqual(expected);
  });

  test('the history of a metric comes in pages, newest first', async () => {
    const shown = (args: string) =>
      catalog.metric(
        'costs',
        `history(${args}) { totalCount pageInfo { hasNextPage endCursor } nodes { version field } }`,
      );
    const versions: number[] = [];
    let after = '';
    do {
      const { history } = await shown(`first: 5${after}`);
      expect(history.totalCount).toBe(12);
      versions.push(...history.nodes.map(({ version }: { version: number }) => version));
      after = history.pageInfo.hasNextPage ? `, after: "${history.pageInfo.endCursor}"` : '';
    } while (after !== '');
    expect(versions).toEqual([7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2]);
  });

  test('the history can be filtered and sorted, and still covers only its metric', async () => {
    const { history } = await catalog.metric(
      'costs',
      `history(filter: { or: [{ field: { eq: "owner" } }, { metricId: { eq: "revenue" } }] }, last: 2,
        orderBy: { field: VERSION, direction: ASC }) { nodes { metricId version newValue metric { name } } }`,
    );
    const common = { metricId: 'costs', metric: { name: 'The metric costs' } };
    expect(history.nodes).toEqual([
      { ...common, version: 6, newValue: '@e' },
      { ...common, version: 7, newValue: '@finance' },
    ]);
  });

  test('changes can be listed by author, across metrics', async () => {
    const { metricChanges } = await graphql.data(
      '{ metricChanges(filter: { changedBy: { eq: "me" } }) { nodes { metricId field } } }',
    );
    expect(metricChanges.nodes).toHaveLength(3);
    expect(metricChanges.nodes).toContainEqual({ metricId: 'revenue', field: 'description' });
  });

  test('the metric of each of many changes costs one statement', async () => {
    const list = (first: number) =>
      graphql.data(`{ metricChanges(first: ${first}) { nodes { metric { name version } } } }`);
    const ofOne = await graphql.countStatements(() => list(1));
    expect(await graphql.countStatements(() => list(13))).toBe(ofOne);
  });

  const lists = (page: string) => `
    history${page} { ...Changes }
    validationTests${page} { ...Tests }`;
  const fragments = `
    fragment Changes on MetricChangeConnection {
      edges { cursor node { uuid field } } nodes { uuid changedAt } totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
    fragment Tests on ValidationTestConnection {
      edges { cursor node { name } } nodes { uuid } totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }`;

  test('the first pages of many metrics are those of each of them', async () => {
    for (const metricId of ['costs', 'revenue', 'costs']) {
      await catalog.change('addValidationTest', { metricId, testType: 'SQL', testQuery: `of ${metricId}` });
    }
    // An empty filter requests the same, metric by metric.
    for (const [together, alone] of [
      ['', '(filter: {})'],
      ['(first: null)', '(first: null, filter: {})'],
      ...[1, 2, 3, 11, 12, 13].map((first) => [`(first: ${first})`, `(first: ${first}, filter: {})`]),
    ] as const) {
      const ask = (page: string) =>
        graphql.data(`{ metrics { nodes { metricId ${lists(page)} } } } ${fragments}`);
      const answer = await ask(together);
      expect(answer).toEqual(await ask(alone));
      expect(
        answer.metrics.nodes.some(
          (metric: { history: { totalCount: number } }) => metric.history.totalCount === 12,
        ),
      ).toBe(true);
    }
  });

  test('the first pages of many metrics cost the statements of one', async () => {
    const ask = (first: number) =>
      graphql.data(
        `{ metrics(first: ${first}, orderBy: { field: METRIC_ID, direction: ASC }) { nodes { ${lists('(first: 2)')} } } } ${fragments}`,
      );
    const ofOne = await graphql.countStatements(() => ask(1));
    expect(await graphql.countStatements(() => ask(4))).toBe(ofOne);
  });

  test('the pages of many metrics name an invalid page size', async () => {
    const { errors } = await graphql.run(
      '{ metrics(first: 1) { nodes { history(first: 501) { totalCount } } } }',
    );
    expect(errors?.[0]).toMatchObject({
      message: '`first` must be between 1 and 500, not 501.',
      extensions: { code: 'BAD_USER_INPUT', argument: 'first' },
    });
  });
});
