import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

const GRAPH = 'dependencyGraph { nodes { name depth metric { name } } edges { from to } }';

/**
 * margin is computed from revenue and costs, both from orders, and orders from a table outside the
 * catalog.
 */
const DIAMOND: Readonly<Record<string, string[]>> = {
  orders: ['transactions.amount'],
  revenue: ['orders'],
  costs: ['orders'],
  margin: ['revenue', 'costs'],
};

describeEachDatabase('dependencies', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    catalog = catalogOf(graphql);
    for (const [metricId, dependencies] of Object.entries(DIAMOND)) {
      await catalog.create(metricId, { dependencies });
    }
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const node = (name: string, depth: number) => ({
    name,
    depth,
    metric: name in DIAMOND ? { name: `The metric ${name}` } : null,
  });

  test('are shown as a graph', async () => {
    const { dependencyGraph } = await catalog.metric('margin', GRAPH);
    expect(dependencyGraph).toEqual({
      nodes: [
        node('margin', 0),
        node('revenue', 1),
        node('costs', 1),
        node('orders', 2),
        node('transactions.amount', 3),
      ],
      edges: [
        { from: 'margin', to: 'revenue' },
        { from: 'margin', to: 'costs' },
        { from: 'revenue', to: 'orders' },
        { from: 'costs', to: 'orders' },
        { from: 'orders', to: 'transactions.amount' },
      ],
    });
  });

  test('are shown to the requested depth, in both directions', async () => {
    const shallow = GRAPH.replace('Graph', 'Graph(depth: 1)');
    expect((await catalog.metric('margin', shallow)).dependencyGraph).toEqual({
      nodes: [node('margin', 0), node('revenue', 1), node('costs', 1)],
      edges: [
        { from: 'margin', to: 'revenue' },
        { from: 'margin', to: 'costs' },
      ],
    });
    const dependents = GRAPH.replace('Graph', 'Graph(direction: DEPENDENTS)');
    const { dependencyGraph } = await catalog.metric('orders', dependents);
    expect(dependencyGraph.nodes).toEqual([
      node('orders', 0),
      node('costs', 1),
      node('revenue', 1),
      node('margin', 2),
    ]);
    expect(dependencyGraph.edges).toContainEqual({ from: 'margin', to: 'costs' });
    expect(dependencyGraph.edges).toHaveLength(4);
  });

  test('lead to the dependents of a metric, one step back', async () => {
    const shown = 'dependencies dependents { metricId dependents { metricId } }';
    expect(await catalog.metric('orders', shown)).toEqual({
      dependencies: ['transactions.amount'],
      dependents: [
        { metricId: 'costs', dependents: [{ metricId: 'margin' }] },
        { metricId: 'revenue', dependents: [{ metricId: 'margin' }] },
      ],
    });
    expect(await catalog.metric('margin', 'dependents { metricId }')).toEqual({ dependents: [] });
    expect(await catalog.metric('orders', 'dependents(first: 1) { metricId }')).toEqual({
      dependents: [{ metricId: 'costs' }],
    });
  });

  test('of a whole list cost as many statements as those of one metric', async () => {
    const list = (first: number) =>
      graphql.data(
        `query { metrics(first: ${first}) { nodes { dependents { name } dependencyGraph { nodes { metric { name } } } } } }`,
      );
    const ofOne = await graphql.countStatements(() => list(1));
    const ofAll = await graphql.countStatements(() => list(4));
    expect(ofAll).toBe(ofOne);
    expect((await list(4)).metrics.nodes).toHaveLength(4);
  });

  test.each([0, 101, -5])('refuses a depth of %i', async (depth) => {
    const { errors } = await graphql.run(
      `{ metric(metricId: "margin") { dependencyGraph(depth: ${depth}) { nodes { name } } } }`,
    );
    expect(errors?.[0]).toMatchObject({
      message: `\`depth\` must be between 1 and 100, not ${depth}.`,
      extensions: { code: 'BAD_USER_INPUT', argument: 'depth' },
    });
  });

  test.each([0, 501])('refuses %i dependents', async (first) => {
    const { errors } = await graphql.run(
      `{ metric(metricId: "orders") { dependents(first: ${first}) { name } } }`,
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
  });

  test('are refused if they have more names than an answer can hold', async () => {
    const columns = (table: number) =>
      Array.from({ length: 200 }, (_, column) => `table_${table}.column_${column}`);
    const parts = ['wide_1', 'wide_2', 'wide_3', 'wide_4', 'wide_5'];
    for (const [index, part] of parts.entries()) await catalog.create(part, { dependencies: columns(index) });
    await catalog.create('wide', { dependencies: parts });
    const { errors } = await graphql.run(
      '{ metric(metricId: "wide") { dependencyGraph { nodes { name } } } }',
    );
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^The graph has 1006 names within 10 steps; at most 1000 are allowed/),
      extensions: { code: 'BAD_USER_INPUT', argument: 'depth' },
    });
    const { dependencyGraph } = await catalog.metric('wide', 'dependencyGraph(depth: 1) { nodes { name } }');
    expect(dependencyGraph.nodes).toHaveLength(6);
  });
});
