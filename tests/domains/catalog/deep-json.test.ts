import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { architecture, errorLog } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

/** An object with this many levels. */
const nested = (levels: number): unknown =>
  JSON.parse(`${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`);

describeEachDatabase('JSON of many levels', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    catalog = catalogOf(graphql);
    await catalog.create('revenue');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const sql = (expectedResult: unknown) => ({
    metricId: 'revenue',
    testType: 'SQL',
    testQuery: 'select 1',
    expectedResult,
  });

  test('is stored up to the limit, returned and compared', async () => {
    const { test } = await catalog.change('addValidationTest', sql(nested(100)));
    expect(test.expectedResult).toEqual(nested(100));
    const same = { id: test.id, expectedResult: nested(100) };
    await catalog.change('recordValidationResult', {
      id: test.id,
      status: 'FAILED',
      difference: nested(100),
    });
    const updated = await catalog.change('updateValidationTest', same);
    expect(updated.test).toMatchObject({ status: 'FAILED', difference: nested(100) });
  });

  test.each([101, 1500, 5000])('is refused with %i levels', async (levels) => {
    const refused = { code: 'BAD_USER_INPUT', argument: 'input.expectedResult' };
    const added = await catalog.refuse('addValidationTest', sql(nested(levels)));
    expect(added.message).toBe('expectedResult must have at most 100 levels of nested lists and objects.');
    expect(added.extensions).toEqual(refused);
    const { test } = await catalog.change('addValidationTest', sql(1));
    const updated = await catalog.refuse('updateValidationTest', {
      id: test.id,
      expectedResult: nested(levels),
    });
    expect(updated.extensions).toEqual(refused);
    const result = { id: test.id, status: 'FAILED', difference: nested(levels) };
    const recorded = await catalog.refuse('recordValidationResult', result);
    expect(recorded.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.difference' });
    const saved = await graphql.run(
      'mutation ($input: SaveArchitectureInput!) { saveArchitecture(input: $input) { created } }',
      { input: architecture('deep', { spec: nested(levels) }) },
    );
    expect(saved.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.spec' });
    const { recordErrorLogs } = await graphql.data(
      'mutation ($input: [ErrorLogInput!]!) { recordErrorLogs(input: $input) { accepted rejected { field } } }',
      { input: [errorLog({ attributes: nested(levels) })] },
    );
    expect(recordErrorLogs).toEqual({ accepted: 0, rejected: [{ field: 'attributes' }] });
    expect(graphql.log).toEqual([]);
  });

  test('is stored as text in the difference of an answer', async () => {
    const { test } = await catalog.change('addValidationTest', sql(nested(100)));
    const testQuery = '{ validationTests(first: 1) { nodes { expectedResult } } }';
    const input = { metricId: 'revenue', testType: 'GRAPHQL', testQuery, expectedResult: {} };
    graphql.clock.advance(-1000);
    const added = await catalog.change('addValidationTest', input);
    graphql.clock.advance(1000);
    expect(test.expectedResult).toEqual(nested(100));
    const run = await catalog.change('runValidationTest', { id: added.test.id });
    expect(run).toMatchObject({ passed: false, test: { status: 'FAILED' } });
    expect(run.test.difference[0].actual).toMatch(/^\{"nodes":/);
  });
});
