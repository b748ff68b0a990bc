import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

describeEachDatabase('revertMetric', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    catalog = catalogOf(graphql);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const update = (metricId: string, fields: Record<string, unknown>) =>
    catalog.change('updateMetric', { metricId, changedBy: 'editor', ...fields });

  test('restores an older state as a new change', async () => {
    await catalog.create('revenue', { owner: '@one', tags: ['a'] });
    await update('revenue', { owner: '@two', description: 'second' });
    await update('revenue', { owner: '@three', tags: [] });
    const { metric, changes } = await catalog.change('revertMetric', {
      metricId: 'revenue',
      to: 1,
      changedBy: 'auditor',
      comment: 'It was right before',
      expectedVersion: 3,
    });
    expect(metric).toMatchObject({ owner: '@one', tags: ['a'], description: null, version: 4 });
    const common = { version: 4, changedBy: 'auditor', comment: 'It was right before', revertedTo: 1 };
    expect(changes).toEqual([
      { ...common, field: 'description', oldValue: 'second', newValue: null },
      { ...common, field: 'owner', oldValue: '@three', newValue: '@one' },
      { ...common, field: 'tags', oldValue: [], newValue: ['a'] },
    ]);
    const history = await catalog.history('revenue');
    expect(history.map(({ version, field }) => [version, field])).toEqual([
      [2, 'description'],
      [2, 'owner'],
      [3, 'owner'],
      [3, 'tags'],
      [4, 'description'],
      [4, 'owner'],
      [4, 'tags'],
    ]);
  });

  test('can be reverted in turn, to any version', async () => {
    const { metric } = await catalog.change('revertMetric', {
      metricId: 'revenue',
      to: 3,
      changedBy: 'editor',
    });
    expect(metric).toMatchObject({ owner: '@three', tags: [], description: 'second', version: 5 });
    const again = await catalog.change('revertMetric', { metricId: 'revenue', to: 2, changedBy: 'editor' });
    expect(again.metric).toMatchObject({ owner: '@two', tags: ['a'], description: 'second', version: 6 });
  });

  test('changes nothing if the metric is already in that state', async () => {
    await catalog.create('around', { owner: '@here' });
    await update('around', { owner: '@there' });
    await update('around', { owner: '@here' });
    const { metric, changes } = await catalog.change('revertMetric', {
      metricId: 'around',
      to: 1,
      changedBy: 'me',
    });
    expect([metric.version, changes]).toEqual([3, []]);
    expect(await catalog.history('around')).toHaveLength(2);
  });

  test.each([0, -1, 3, 4, 1_000_000])('refuses version %i of a metric at version 3', async (to) => {
    const error = await catalog.refuse('revertMetric', { metricId: 'around', to, changedBy: 'me' });
    expect(error.message).toBe(
      `The metric around cannot be reverted to version ${to}: it is at version 3, give one from 1 to 2.`,
    );
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.to' });
  });

  test('refuses a change that has no earlier version', async () => {
    await catalog.create('young');
    const error = await catalog.refuse('revertMetric', { metricId: 'young', to: 1, changedBy: 'me' });
    expect(error.message).toMatch(/it is at version 1, there is no earlier one/);
  });

  test('needs the author of the change, a known metric and the expected version', async () => {
    const input = { metricId: 'around', to: 1, changedBy: 'me' };
    const blank = await catalog.refuse('revertMetric', { ...input, changedBy: ' ' });
    expect(blank.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.changedBy' });
    const unknown = await catalog.refuse('revertMetric', { ...input, metricId: 'unknown' });
    expect(unknown.extensions).toMatchObject({ code: 'NOT_FOUND' });
    const late = await catalog.refuse('revertMetric', { ...input, expectedVersion: 2 });
    expect(late.extensions).toMatchObject({ code: 'CONFLICT', current: { version: 3, owner: '@here' } });
  });

  test('refuses dependencies that would now close a cycle', async () => {
    await catalog.create('base', { dependencies: ['derived'] });
    await update('base', { dependencies: [] });
    await catalog.create('derived', { dependencies: ['base'] });
    const error = await catalog.refuse('revertMetric', { metricId: 'base', to: 1, changedBy: 'me' });
    expect(error.message).toMatch(/base would depend on itself: base → derived → base/);
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.to' });
    expect(await catalog.metric('base', 'dependencies version')).toEqual({ dependencies: [], version: 2 });
  });
});
