import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

const REVENUE = {
  metricId: 'revenue_total',
  name: 'Total Revenue',
  description: 'Sum of all completed transactions',
  calculation: "SUM(amount) FROM transactions WHERE status = 'completed'",
  owner: '@revenue-team',
  dataSource: 'warehouse.transactions',
  tags: ['revenue', 'financial'],
  dependencies: ['transactions.amount'],
  trustScore: 75.5,
};

describeEachDatabase('createMetric', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    catalog = catalogOf(graphql);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  test('stores the given values, and fills in defaults', async () => {
    const { metric } = await catalog.change('createMetric', REVENUE);
    const created = { version: 1, testCount: 0, createdAt: NOW, updatedAt: NOW };
    expect(metric).toEqual({ ...REVENUE, ...created, id: `Metric:${metric.uuid}`, uuid: expect.any(String) });
    expect(await catalog.metric('revenue_total', 'uuid name tags dependencies')).toEqual({
      uuid: metric.uuid,
      name: REVENUE.name,
      tags: REVENUE.tags,
      dependencies: REVENUE.dependencies,
    });
    const { node } = await graphql.data('query ($id: ID!) { node(id: $id) { ... on Metric { metricId } } }', {
      id: metric.id,
    });
    expect(node).toEqual({ metricId: 'revenue_total' });
  });

  test('needs only an id and a name', async () => {
    const { metric } = await catalog.change('createMetric', { metricId: 'orders', name: 'Orders' });
    expect(metric).toMatchObject({
      description: null,
      calculation: null,
      owner: null,
      dataSource: null,
      tags: [],
      dependencies: [],
      trustScore: 0,
    });
    expect(await catalog.history('orders')).toEqual([]);
  });

  test('accepts an earlier creation time', async () => {
    const createdAt = '2024-02-29T08:00:00.000Z';
    const { metric } = await catalog.change('createMetric', { metricId: 'old', name: 'Old', createdAt });
    expect(metric).toMatchObject({ createdAt, updatedAt: NOW });
  });

  test('is a CONFLICT if the metric exists, and shows the metric', async () => {
    await catalog.create('twice', { owner: '@first', createdAt: '2025-01-01T00:00:00.000Z' });
    const error = await catalog.refuse('createMetric', {
      metricId: 'twice',
      name: 'Second',
      owner: '@second',
    });
    expect(error.message).toBe('The metric "twice" already exists: update it instead.');
    const uuid = (await catalog.metric('twice', 'uuid')).uuid;
    expect(error.extensions).toEqual({
      code: 'CONFLICT',
      argument: 'input.metricId',
      current: {
        id: `Metric:${uuid}`,
        uuid,
        metricId: 'twice',
        name: 'The metric twice',
        description: null,
        calculation: null,
        owner: '@first',
        dataSource: null,
        tags: [],
        dependencies: [],
        trustScore: 0,
        testCount: 0,
        version: 1,
        createdAt: '2025-01-01T00:00:00.000Z',
        updatedAt: NOW,
      },
    });
    expect(await catalog.metric('twice', 'owner')).toEqual({ owner: '@first' });
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['metricId', { metricId: 'Revenue Total' }, /slug such as "revenue_total"/],
    ['metricId', { metricId: '' }, /slug/],
    ['metricId', { metricId: 'x'.repeat(101) }, /at most 100 characters/],
    ['name', { name: '' }, /name must contain more than white space/],
    ['name', { name: ' \t' }, /name must contain more than white space/],
    ['trustScore', { trustScore: 100.1 }, /from 0 to 100/],
    ['trustScore', { trustScore: -1 }, /from 0 to 100/],
    ['tags', { tags: ['a', ''] }, /not contain empty text/],
    ['dependencies', { dependencies: Array.from({ length: 201 }, (_, index) => `d${index}`) }, /at most 200/],
    ['description', { description: 'x\0' }, /U\+0000/],
  ])('refuses a wrong %s: %j', async (field, wrong, message) => {
    const error = await catalog.refuse('createMetric', { metricId: 'wrong', name: 'Wrong', ...wrong });
    expect(error.message).toMatch(message);
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: `input.${field}` });
    expect(await catalog.metric('wrong', 'name')).toBeNull();
  });

  test('returns null for an unknown metric', async () => {
    expect(await catalog.metric('never_there', 'name')).toBeNull();
    expect(await catalog.metric('', 'name')).toBeNull();
  });
});
