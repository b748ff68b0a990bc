import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { metricUsage } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf, type Mutation } from './support/catalog.ts';

const EVERYTHING = `
  name owner version testCount usageCount
  history { totalCount nodes { newValue } }
  validationTests { totalCount nodes { name } }
  dependents { metricId }
  dependencyGraph(direction: DEPENDENTS) { nodes { name } }`;

/** Two projects, each with a metric of the same name and everything that belongs to it. */
describeEachDatabase('the catalogs of two projects', (database) => {
  let graphql: TestGraphQL;
  let mine: Catalog;
  let theirs: Catalog;
  let theirTest: string;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    mine = catalogOf(graphql, 'mine');
    theirs = catalogOf(graphql, 'theirs');
    theirTest = await fill('theirs', theirs);
    await fill('mine', mine);
    await theirs.create('only_theirs', { dependencies: ['shared'] });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  async function fill(project: string, catalog: Catalog): Promise<string> {
    await catalog.create('shared', { name: project });
    await catalog.change('updateMetric', { metricId: 'shared', changedBy: project, owner: project });
    await graphql.data(
      'mutation ($input: [MetricUsageInput!]!) { recordMetricUsages(input: $input) { accepted } }',
      { input: [metricUsage({ metricId: 'shared', usedBy: project })] },
      project,
    );
    const input = { metricId: 'shared', name: project, testType: 'MANUAL', testQuery: 'look' };
    return (await catalog.change('addValidationTest', input)).test.id;
  }

  const filled = (project: string, dependents: string[]) => ({
    name: project,
    owner: project,
    version: 2,
    testCount: 1,
    usageCount: 1,
    history: { totalCount: 1, nodes: [{ newValue: project }] },
    validationTests: { totalCount: 1, nodes: [{ name: project }] },
    dependents: dependents.map((metricId) => ({ metricId })),
    dependencyGraph: { nodes: ['shared', ...dependents].map((name) => ({ name })) },
  });

  test('do not see each other', async () => {
    expect(await mine.metric('shared', EVERYTHING)).toEqual(filled('mine', []));
    expect(await theirs.metric('shared', EVERYTHING)).toEqual(filled('theirs', ['only_theirs']));
    expect(await mine.metric('only_theirs', 'name')).toBeNull();
    const usage = (project: string) =>
      graphql.data('{ metricUsageStats(metricId: "shared") { total users { usedBy } } }', {}, project);
    expect((await usage('mine')).metricUsageStats).toEqual({ total: 1, users: [{ usedBy: 'mine' }] });
    expect((await usage('nobody')).metricUsageStats).toEqual({ total: 0, users: [] });
  });

  test('may have the same names without a cycle or a conflict', async () => {
    await mine.change('updateMetric', { metricId: 'shared', changedBy: 'me', dependencies: ['only_theirs'] });
    await mine.create('other');
    await mine.change('revertMetric', { metricId: 'shared', changedBy: 'me', to: 2 });
    expect((await theirs.metric('shared', 'version')).version).toBe(2);
  });

  test.each<[Mutation, Record<string, unknown>]>([
    ['updateMetric', { metricId: 'only_theirs', changedBy: 'me', name: 'mine now' }],
    ['revertMetric', { metricId: 'only_theirs', changedBy: 'me', to: 1 }],
    ['deleteMetric', { metricId: 'only_theirs' }],
    ['addValidationTest', { metricId: 'only_theirs', testType: 'MANUAL', testQuery: 'look' }],
  ])('%s does not reach a metric of the other', async (mutation, input) => {
    expect((await mine.refuse(mutation, input)).extensions).toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each<[Mutation, Record<string, unknown>]>([
    ['updateValidationTest', { name: 'mine now' }],
    ['deleteValidationTest', {}],
    ['recordValidationResult', { status: 'PASSED' }],
    ['runValidationTest', {}],
  ])('%s does not reach a test of the other', async (mutation, input) => {
    const error = await mine.refuse(mutation, { id: theirTest, ...input });
    expect(error.extensions).toEqual({ code: 'NOT_FOUND', argument: 'input.id' });
  });

  test('are deleted separately', async () => {
    await mine.change('deleteMetric', { metricId: 'shared' });
    expect(await mine.metric('shared', 'name')).toBeNull();
    expect(await theirs.metric('shared', EVERYTHING)).toEqual(filled('theirs', ['only_theirs']));
  });
});
