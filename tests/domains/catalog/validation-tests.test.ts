import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { uuidOf } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

const MANUAL = { metricId: 'revenue', testType: 'MANUAL', testQuery: 'Ask the accountants' };
const GRAPHQL = {
  metricId: 'revenue',
  testType: 'GRAPHQL',
  testQuery: '{ metric(metricId: "revenue") { name } }',
  expectedResult: { metric: { name: 'The metric revenue' } },
};

describeEachDatabase('validation tests', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    catalog = catalogOf(graphql);
    await catalog.create('revenue');
    await catalog.create('costs');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const add = async (fields: Record<string, unknown>) =>
    (await catalog.change('addValidationTest', fields)).test;
  const testCount = async () => (await catalog.metric('revenue', 'testCount')).testCount;

  test('are added, counted, listed and deleted', async () => {
    const first = await add({ ...MANUAL, name: 'The books agree' });
    expect(first).toEqual({
      ...MANUAL,
      id: `ValidationTest:${first.uuid}`,
      uuid: first.uuid,
      name: 'The books agree',
      expectedResult: null,
      status: 'PENDING',
      lastRun: null,
      message: null,
      difference: null,
    });
    await add({ ...MANUAL, metricId: 'costs' });
    const second = await add(GRAPHQL);
    const shown =
      'version testCount validationTests(first: 1) { totalCount nodes { uuid testType metric { metricId } } }';
    expect(await catalog.metric('revenue', shown)).toEqual({
      version: 1,
      testCount: 2,
      validationTests: {
        totalCount: 2,
        nodes: [{ uuid: second.uuid, testType: 'GRAPHQL', metric: { metricId: 'revenue' } }],
      },
    });
    const deleted = await catalog.change('deleteValidationTest', { id: first.id });
    expect(deleted.test).toEqual({ uuid: first.uuid, status: 'PENDING', metric: { testCount: 1 } });
    expect(await catalog.metric('revenue', shown)).toMatchObject({
      testCount: 1,
      validationTests: { totalCount: 1 },
    });
    await catalog.change('deleteValidationTest', { id: second.uuid });
    expect(await testCount()).toBe(0);
  });

  test('are identified by the id that the client gives', async () => {
    const test = await add({ ...MANUAL, id: uuidOf(7) });
    expect(test.uuid).toBe(uuidOf(7));
    const error = await catalog.refuse('addValidationTest', { ...MANUAL, id: uuidOf(7), name: 'Another' });
    expect(error.extensions).toMatchObject({
      code: 'CONFLICT',
      argument: 'input.id',
      current: { uuid: uuidOf(7), name: null, testQuery: MANUAL.testQuery },
    });
    expect(await testCount()).toBe(1);
  });

  test.each<[string, Record<string, unknown>, string, RegExp]>([
    ['a syntax error', { testQuery: '{ metric(' }, 'testQuery', /Syntax Error/],
    ['an unknown field', { testQuery: '{ nonsense }' }, 'testQuery', /Cannot query field "nonsense"/],
    ['a mutation', { testQuery: 'mutation { __typename }' }, 'testQuery', /takes a read-only query/],
    ['a subscription', { testQuery: 'subscription { __typename }' }, 'testQuery', /takes a read-only query/],
    [
      'two operations',
      { testQuery: 'query a { __typename } query b { __typename }' },
      'testQuery',
      /one operation/,
    ],
    [
      'variables',
      { testQuery: 'query ($id: ID!) { node(id: $id) { id } }' },
      'testQuery',
      /without variables/,
    ],
    ['a query that is too deep', { testQuery: deep(40) }, 'testQuery', /too complex/],
    ['no query', { testQuery: ' ' }, 'testQuery', /more than white space/],
    ['no expected answer', { expectedResult: null }, 'expectedResult', /needs input\.expectedResult/],
    ['an expected answer that is not an object', { expectedResult: [1] }, 'expectedResult', /a JSON object/],
  ])('of type GRAPHQL are refused with %s', async (_what, wrong, field, message) => {
    const before = await testCount();
    const error = await catalog.refuse('addValidationTest', { ...GRAPHQL, ...wrong });
    expect(error.message).toMatch(message);
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: `input.${field}` });
    expect(await testCount()).toBe(before);
  });

  test('of other types may hold any definition', async () => {
    const sql = await add({ ...MANUAL, testType: 'SQL', testQuery: 'select 1', expectedResult: [1] });
    expect(sql).toMatchObject({ testType: 'SQL', testQuery: 'select 1', expectedResult: [1] });
  });

  test('belong to a metric of the catalog', async () => {
    const error = await catalog.refuse('addValidationTest', { ...MANUAL, metricId: 'unknown' });
    expect(error.extensions).toEqual({ code: 'NOT_FOUND', argument: 'input.metricId' });
  });

  test('change only in the given fields, and become pending if their definition changes', async () => {
    const { id } = await add(GRAPHQL);
    await catalog.change('recordValidationResult', { id, status: 'FAILED', message: 'no', difference: [1] });
    const update = async (fields: Record<string, unknown>) =>
      (await catalog.change('updateValidationTest', { id, ...fields })).test;
    const failed = { status: 'FAILED', message: 'no', difference: [1] };
    expect(await update({ name: 'Named' })).toMatchObject({
      ...failed,
      name: 'Named',
      testQuery: GRAPHQL.testQuery,
    });
    expect(await update({ testQuery: GRAPHQL.testQuery })).toMatchObject(failed);
    const changed = await update({ expectedResult: { metric: null } });
    expect(changed).toMatchObject({ status: 'PENDING', message: null, difference: null, name: 'Named' });
    expect(changed.lastRun).not.toBeNull();
    expect(await update({ name: null })).toMatchObject({ name: null, expectedResult: { metric: null } });
  });

  test('are checked again when they change', async () => {
    const { id } = await add(MANUAL);
    const refuse = (fields: Record<string, unknown>) =>
      catalog.refuse('updateValidationTest', { id, ...fields });
    const unrunnable = await refuse({ testType: 'GRAPHQL' });
    expect(unrunnable.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'input.testQuery' });
    const unexpected = await refuse({ testType: 'GRAPHQL', testQuery: '{ __typename }' });
    expect(unexpected.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'input.expectedResult' });
    const cleared = await refuse({ testQuery: null });
    expect(cleared.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'input.testQuery' });
  });

  test('can be renamed even if the schema no longer has their query', async () => {
    const { id, uuid } = await add(GRAPHQL);
    const { prisma } = graphql.services.store;
    await prisma.validationTest.updateMany({ where: { id: uuid }, data: { testQuery: '{ removed }' } });
    const { test } = await catalog.change('updateValidationTest', { id, name: 'Outgrown' });
    expect(test).toMatchObject({ name: 'Outgrown', testQuery: '{ removed }' });
    const changed = { id, name: 'Again', expectedResult: { removed: 1 } };
    const error = await catalog.refuse('updateValidationTest', changed);
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'input.testQuery' });
  });

  test.each<['updateValidationTest' | 'deleteValidationTest' | 'runValidationTest', Record<string, unknown>]>(
    [
      ['updateValidationTest', { name: 'x' }],
      ['deleteValidationTest', {}],
      ['runValidationTest', {}],
    ],
  )('%s finds the test or says what is wrong with the id', async (mutation, fields) => {
    const unknown = await catalog.refuse(mutation, { id: uuidOf(404), ...fields });
    expect(unknown.extensions).toEqual({ code: 'NOT_FOUND', argument: 'input.id' });
    for (const id of [`Metric:${uuidOf(7)}`, 'nonsense', '']) {
      const error = await catalog.refuse(mutation, { id, ...fields });
      expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.id' });
    }
  });
});

/** A query with this many levels. */
function deep(levels: number): string {
  return `{ metric(metricId: "x") ${'{ dependents '.repeat(levels)} { name } ${'}'.repeat(levels)} }`;
}
