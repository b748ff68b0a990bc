import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { derivedId } from '../../../src/core/ids.ts';
import type { Services } from '../../../src/graphql/context.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const CREATE = 'mutation ($input: CreateMetricInput!) { createMetric(input: $input) { metric { id } } }';
const ADD_TEST =
  'mutation ($input: AddValidationTestInput!) { addValidationTest(input: $input) { test { id } } }';
const ID = `Metric:${derivedId('default', 'metrics', 'doomed')}`;

describeEachDatabase('a state that is deleted after it was found and before it is loaded', (database) => {
  let graphql: TestGraphQL;
  let deletes = false;

  /** The services with a Prisma client that deletes the metric before it loads metrics. */
  function deleting({ store }: Services): Partial<Services> {
    const prisma = store.prisma.$extends({
      query: {
        metric: {
          async findMany({ args, query }) {
            if (deletes && args.select?.name) {
              deletes = false;
              await graphql.services.store.exclusively((transaction) =>
                sql`delete from metrics where metric_id = 'doomed'`.execute(transaction),
              );
            }
            return query(args);
          },
        },
      },
    });
    return { store: { ...store, prisma: prisma as never } };
  }

  beforeAll(async () => {
    graphql = await startGraphQL(database, { replace: deleting });
    await graphql.data(CREATE, { input: { metricId: 'base', name: 'Base' } });
    await graphql.data(CREATE, { input: { metricId: 'doomed', name: 'Doomed', dependencies: ['base'] } });
    await graphql.data(ADD_TEST, { input: { metricId: 'doomed', testType: 'SQL', testQuery: 'q' } });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());
  beforeEach(async () => {
    const { metric } = await graphql.data('{ metric(metricId: "doomed") { id } }');
    if (metric === null) {
      await graphql.data(CREATE, { input: { metricId: 'doomed', name: 'Doomed', dependencies: ['base'] } });
    }
    deletes = true;
  });

  it.each<[what: string, query: string, answer: object]>([
    [
      'is not an edge of a list',
      '{ metrics { edges { node { name } } nodes { name } pageInfo { hasNextPage } } }',
      {
        metrics: {
          edges: [{ node: { name: 'Base' } }],
          nodes: [{ name: 'Base' }],
          pageInfo: { hasNextPage: false },
        },
      },
    ],
    [
      'is not a result of a search',
      '{ searchMetrics(query: "doomed") { results { metric { name } } } }',
      { searchMetrics: { results: [] } },
    ],
    [
      'is not a dependent',
      '{ metric(metricId: "base") { dependents { name } } }',
      { metric: { dependents: [] } },
    ],
    [
      'is null in a relation',
      '{ validationTests { nodes { metric { name } } } }',
      { validationTests: { nodes: [{ metric: null }] } },
    ],
    [
      'is null in nodes',
      `{ nodes(ids: ["${ID}", "${ID}"]) { ... on Metric { name } } }`,
      { nodes: [null, null] },
    ],
    ['is null in node', `{ node(id: "${ID}") { ... on Metric { name } } }`, { node: null }],
  ])('%s', async (_what, query, answer) => {
    const data = await graphql.data(query);
    expect(deletes).toBe(false);
    expect(data).toEqual(answer);
  });
});
