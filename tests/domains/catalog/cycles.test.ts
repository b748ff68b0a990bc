import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

describeEachDatabase('a cycle of dependencies', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    catalog = catalogOf(graphql);
    await catalog.create('a', { dependencies: ['b'] });
    await catalog.create('b', { dependencies: ['c'] });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  test('is refused when a new metric would close it', async () => {
    const error = await catalog.refuse('createMetric', {
      metricId: 'c',
      name: 'C',
      dependencies: ['x', 'a'],
    });
    expect(error.message).toBe('c would depend on itself: c → a → b → c. Remove one of these dependencies.');
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.dependencies' });
    expect(await catalog.metric('c', 'name')).toBeNull();
  });

  test('is refused when an update would close it, and nothing of the update is stored', async () => {
    await catalog.create('c');
    const error = await catalog.refuse('updateMetric', {
      metricId: 'c',
      changedBy: 'me',
      owner: '@me',
      dependencies: ['b'],
    });
    expect(error.message).toMatch(/^c would depend on itself: c → b → c\./);
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.dependencies' });
    expect(await catalog.metric('c', 'owner version dependencies')).toEqual({
      owner: null,
      version: 1,
      dependencies: [],
    });
    expect(await catalog.history('c')).toEqual([]);
  });

  test('can consist of one metric', async () => {
    const created = await catalog.refuse('createMetric', {
      metricId: 'self',
      name: 'Self',
      dependencies: ['self'],
    });
    expect(created.message).toMatch(/^self would depend on itself: self → self\./);
    const updated = await catalog.refuse('updateMetric', {
      metricId: 'a',
      changedBy: 'me',
      dependencies: ['a'],
    });
    expect(updated.message).toMatch(/^a would depend on itself: a → a\./);
  });

  test('is not reported if dependencies meet again, or are reversed in two steps', async () => {
    await catalog.change('updateMetric', { metricId: 'a', changedBy: 'me', dependencies: ['b', 'c'] });
    await catalog.change('updateMetric', { metricId: 'a', changedBy: 'me', dependencies: [] });
    await catalog.change('updateMetric', { metricId: 'b', changedBy: 'me', dependencies: ['c', 'a'] });
    expect(await catalog.metric('b', 'dependencies')).toEqual({ dependencies: ['c', 'a'] });
  });

  test('is named if it was stored by other means, and everything else still works', async () => {
    const { store } = graphql.services;
    await catalog.create('p', { dependencies: ['q'] });
    await catalog.create('q', { dependencies: ['r'] });
    await catalog.create('r');
    await store.prisma.metric.updateMany({ where: { metricId: 'r' }, data: { dependencies: ['p'] } });
    const shown = 'dependencyGraph(depth: 100) { nodes { name } }';
    const { errors } = await graphql.run(`{ metric(metricId: "q") { name ${shown} } }`);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(
        /^The dependencies form a cycle: (q → r → p → q|r → p → q → r|p → q → r → p)\./,
      ),
      extensions: { code: 'CONFLICT', cycle: expect.any(Array) },
    });
    expect(await catalog.metric('q', 'dependents { metricId }')).toEqual({ dependents: [{ metricId: 'p' }] });
    expect((await catalog.metric('b', shown)).dependencyGraph.nodes).toHaveLength(3);
    await catalog.change('updateMetric', { metricId: 'r', changedBy: 'me', dependencies: [] });
    expect((await catalog.metric('q', shown)).dependencyGraph.nodes).toHaveLength(2);
  });
});
