import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { metricUsage } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

const COUNTS = `{
  metricChanges { totalCount } validationTests { totalCount } metrics { totalCount } metricUsages { totalCount }
}`;

describeEachDatabase('deleteMetric', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    catalog = catalogOf(graphql);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const update = (metricId: string, fields: Record<string, unknown>) =>
    catalog.change('updateMetric', { metricId, changedBy: 'editor', ...fields });
  const addTest = (metricId: string) =>
    catalog.change('addValidationTest', { metricId, testType: 'MANUAL', testQuery: 'look at it' });

  async function counts(): Promise<unknown> {
    const data = await graphql.data(COUNTS);
    return Object.fromEntries(
      Object.entries(data).map(([name, list]) => [name, (list as { totalCount: number }).totalCount]),
    );
  }

  test('deletes the history and tests too, and nothing else', async () => {
    for (const metricId of ['gone', 'stays']) {
      await catalog.create(metricId);
      await update(metricId, { owner: '@a', name: 'B' });
      await addTest(metricId);
      await addTest(metricId);
    }
    await catalog.create('heir', { dependencies: ['gone', 'stays'] });
    await graphql.data(
      'mutation ($input: [MetricUsageInput!]!) { recordMetricUsages(input: $input) { accepted } }',
      { input: [metricUsage({ metricId: 'gone' }), metricUsage({ metricId: 'stays' })] },
    );
    const { metric, ...deleted } = await catalog.change('deleteMetric', {
      metricId: 'gone',
      expectedVersion: 2,
    });
    expect(metric).toMatchObject({ metricId: 'gone', name: 'B', owner: '@a', version: 2, testCount: 2 });
    expect(metric.usageCount).toBe(1);
    expect(deleted).toEqual({ deletedChanges: 2, deletedTests: 2 });
    expect(await catalog.metric('gone', 'name')).toBeNull();
    expect(await counts()).toEqual({ metrics: 2, metricChanges: 2, validationTests: 2, metricUsages: 2 });
    expect(await catalog.metric('stays', 'testCount history { totalCount }')).toEqual({
      testCount: 2,
      history: { totalCount: 2 },
    });
    expect(
      await catalog.metric('heir', 'dependencies dependencyGraph { nodes { name metric { name } } }'),
    ).toEqual({
      dependencies: ['gone', 'stays'],
      dependencyGraph: {
        nodes: [
          { name: 'heir', metric: { name: 'The metric heir' } },
          { name: 'gone', metric: null },
          { name: 'stays', metric: { name: 'B' } },
        ],
      },
    });
  });

  test('allows a new metric with the same id, which has a history of its own', async () => {
    await catalog.create('again');
    await update('again', { name: 'old' });
    await catalog.change('deleteMetric', { metricId: 'again' });
    await catalog.create('again');
    expect(await catalog.metric('again', 'version history { totalCount }')).toEqual({
      version: 1,
      history: { totalCount: 0 },
    });
  });

  test('is a CONFLICT if another version is expected, and deletes nothing', async () => {
    await update('stays', { name: 'C' });
    const before = await counts();
    const error = await catalog.refuse('deleteMetric', { metricId: 'stays', expectedVersion: 2 });
    expect(error.extensions).toMatchObject({ code: 'CONFLICT', current: { name: 'C', version: 3 } });
    expect(await counts()).toEqual(before);
  });

  test('is NOT_FOUND for an unknown metric', async () => {
    const error = await catalog.refuse('deleteMetric', { metricId: 'gone' });
    expect(error.extensions).toEqual({ code: 'NOT_FOUND', argument: 'input.metricId' });
  });
});
