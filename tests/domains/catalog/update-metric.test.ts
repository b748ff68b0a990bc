import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

describeEachDatabase('updateMetric', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    catalog = catalogOf(graphql);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const after = (milliseconds: number) => new Date(Date.parse(NOW) + milliseconds).toISOString();

  test('records one change per changed field, and does not touch the others', async () => {
    await catalog.create('revenue', { owner: '@old', tags: ['x'], description: 'Sum', trustScore: 50 });
    const { metric, changes } = await catalog.change('updateMetric', {
      metricId: 'revenue',
      changedBy: 'john@company.com',
      comment: 'Refunds do not count',
      expectedVersion: 1,
      calculation: 'SUM(amount) WHERE NOT refunded',
      owner: '@old',
      tags: ['x', 'y'],
      description: null,
    });
    expect(metric).toMatchObject({
      name: 'The metric revenue',
      calculation: 'SUM(amount) WHERE NOT refunded',
      owner: '@old',
      tags: ['x', 'y'],
      description: null,
      trustScore: 50,
      version: 2,
    });
    const common = {
      version: 2,
      changedBy: 'john@company.com',
      comment: 'Refunds do not count',
      revertedTo: null,
    };
    const expected = [
      { ...common, field: 'description', oldValue: 'Sum', newValue: null },
      { ...common, field: 'calculation', oldValue: null, newValue: 'SUM(amount) WHERE NOT refunded' },
      { ...common, field: 'tags', oldValue: ['x'], newValue: ['x', 'y'] },
    ];
    expect(changes).toMatchObject(expected);
    expect(await catalog.history('revenue')).toEqual(expected);
    const stored = await catalog.metric('revenue', 'history { nodes { uuid metricId changedAt } }');
    expect(stored.history.nodes.toReversed()).toEqual(
      changes.map(({ uuid }: { uuid: string }) => ({
        uuid,
        metricId: 'revenue',
        changedAt: metric.updatedAt,
      })),
    );
  });

  test('adds no version if nothing changes', async () => {
    await catalog.create('same', { tags: ['a'], trustScore: 12.5 });
    const same = {
      metricId: 'same',
      changedBy: 'me',
      name: 'The metric same',
      tags: ['a'],
      trustScore: 12.5,
    };
    for (const input of [same, { metricId: 'same', changedBy: 'me' }, { ...same, owner: null }]) {
      const { metric, changes } = await catalog.change('updateMetric', input);
      expect([metric.version, metric.updatedAt, changes]).toEqual([1, NOW, []]);
    }
    expect(await catalog.history('same')).toEqual([]);
  });

  test('resets fields to null if they are optional, and others to their default', async () => {
    await catalog.create('clear', { owner: '@me', tags: ['a'], dependencies: ['b'], trustScore: 9 });
    const nothing = { owner: null, tags: null, dependencies: null, trustScore: null };
    const { metric } = await catalog.change('updateMetric', {
      metricId: 'clear',
      changedBy: 'me',
      ...nothing,
    });
    expect(metric).toMatchObject({ owner: null, tags: [], dependencies: [], trustScore: 0, version: 2 });
    await catalog.change('updateMetric', { metricId: 'clear', changedBy: 'me', owner: '@you' });
    const emptied = await catalog.change('updateMetric', { metricId: 'clear', changedBy: 'me', owner: '' });
    expect(emptied.metric).toMatchObject({ owner: null, version: 4 });
    const error = await catalog.refuse('updateMetric', { metricId: 'clear', changedBy: 'me', name: null });
    expect(error.message).toMatch(/name cannot be cleared/);
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.name' });
  });

  test('gives versions ascending times even if the clock stands still', async () => {
    await catalog.create('fast');
    for (const name of ['one', 'two', 'three']) {
      await catalog.change('updateMetric', { metricId: 'fast', changedBy: 'me', name });
    }
    const { history } = await catalog.metric('fast', 'history { nodes { version changedAt newValue } }');
    expect(history.nodes).toEqual([
      { version: 4, changedAt: after(3), newValue: 'three' },
      { version: 3, changedAt: after(2), newValue: 'two' },
      { version: 2, changedAt: after(1), newValue: 'one' },
    ]);
  });

  test('is a CONFLICT if another version is expected, and shows the present state', async () => {
    await catalog.create('contested');
    await catalog.change('updateMetric', { metricId: 'contested', changedBy: 'first', owner: '@first' });
    const late = { metricId: 'contested', changedBy: 'second', owner: '@second', expectedVersion: 1 };
    const error = await catalog.refuse('updateMetric', late);
    expect(error.message).toMatch(/is at version 2, not at 1/);
    expect(error.extensions).toMatchObject({
      code: 'CONFLICT',
      argument: 'input.expectedVersion',
      current: { metricId: 'contested', owner: '@first', version: 2, tags: [] },
    });
    expect(await catalog.history('contested')).toHaveLength(1);
    await catalog.change('updateMetric', { ...late, expectedVersion: 2 });
    expect(await catalog.metric('contested', 'owner version')).toEqual({ owner: '@second', version: 3 });
  });

  test.each<[string, Record<string, unknown>]>([
    ['changedBy', { changedBy: '' }],
    ['changedBy', { changedBy: '  \n' }],
    ['changedBy', { changedBy: 'x'.repeat(201) }],
    ['comment', { comment: 'x'.repeat(2001) }],
    ['trustScore', { trustScore: 101 }],
    ['name', { name: '' }],
  ])('refuses a wrong %s', async (field, wrong) => {
    const error = await catalog.refuse('updateMetric', {
      metricId: 'contested',
      changedBy: 'me',
      calculation: 'wrong',
      ...wrong,
    });
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: `input.${field}` });
    expect((await catalog.metric('contested', 'calculation')).calculation).toBeNull();
  });

  test('is NOT_FOUND for an unknown metric', async () => {
    const error = await catalog.refuse('updateMetric', { metricId: 'nothing', changedBy: 'me', name: 'x' });
    expect(error.message).toBe('There is no metric "nothing" in the catalog.');
    expect(error.extensions).toEqual({ code: 'NOT_FOUND', argument: 'input.metricId' });
  });

  test('is not valid without the author of the change', async () => {
    const { errors } = await graphql.run(
      'mutation { updateMetric(input: { metricId: "x" }) { changes { field } } }',
    );
    expect(errors?.[0]?.message).toMatch(/changedBy/);
  });
});
