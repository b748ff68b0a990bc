import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { uuidOf } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

describeEachDatabase('recordValidationResult', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    catalog = catalogOf(graphql);
    await catalog.create('revenue');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  /** This many seconds from the current time of the test. */
  const at = (seconds: number) => new Date(graphql.clock.now() + seconds * 1000).toISOString();

  async function addTest(): Promise<string> {
    const input = { metricId: 'revenue', testType: 'SQL', testQuery: 'select 1' };
    return (await catalog.change('addValidationTest', input)).test.id;
  }

  const record = (id: string, status: string, fields: Record<string, unknown> = {}) =>
    catalog.change('recordValidationResult', { id, status, ...fields });

  test('replaces the whole last result', async () => {
    const id = await addTest();
    const failed = { message: 'Off by 7', difference: { total: { expected: 1, actual: 8 } } };
    expect(await record(id, 'FAILED', failed)).toEqual({
      recorded: true,
      test: { status: 'FAILED', lastRun: at(0), ...failed },
    });
    graphql.clock.advance(60_000);
    expect(await record(id, 'PASSED', { ranAt: at(-1) })).toEqual({
      recorded: true,
      test: { status: 'PASSED', lastRun: at(-1), message: null, difference: null },
    });
    const uuid = id.slice('ValidationTest:'.length);
    expect((await record(uuid, 'ERROR')).test.status).toBe('ERROR');
  });

  test('keeps a newer result; of two at the same time the last one stays', async () => {
    const id = await addTest();
    graphql.clock.advance(60_000);
    await record(id, 'FAILED', { ranAt: at(-10), message: 'newer' });
    const newer = { status: 'FAILED', lastRun: at(-10), message: 'newer', difference: null };
    expect(await record(id, 'PASSED', { ranAt: at(-11) })).toEqual({ recorded: false, test: newer });
    const { test } = await record(id, 'ERROR', { ranAt: at(-10), message: 'same time' });
    expect(test).toMatchObject({ status: 'ERROR', message: 'same time' });
  });

  test('ignores runs that began before the test was changed', async () => {
    const id = await addTest();
    graphql.clock.advance(60_000);
    const before = at(-1);
    await catalog.change('updateValidationTest', { id, testQuery: 'select 2' });
    graphql.clock.advance(60_000);
    const pending = { status: 'PENDING', lastRun: null, message: null, difference: null };
    expect(await record(id, 'PASSED', { ranAt: before })).toEqual({ recorded: false, test: pending });
    // A change of the name does not change what is tested, so an earlier run counts.
    await catalog.change('updateValidationTest', { id, name: 'Named meanwhile' });
    const run = await record(id, 'PASSED', { ranAt: at(-60) });
    expect(run).toMatchObject({ recorded: true, test: { status: 'PASSED', lastRun: at(-60) } });
    await catalog.change('updateValidationTest', { id, expectedResult: 1 });
    const { recorded, test } = await record(id, 'FAILED', { ranAt: at(-1) });
    expect([recorded, test.status, test.lastRun]).toEqual([false, 'PENDING', at(-60)]);
    expect(await record(id, 'FAILED')).toMatchObject({ recorded: true, test: { status: 'FAILED' } });
  });

  test('ignores runs from before the test existed', async () => {
    expect(await record(await addTest(), 'PASSED', { ranAt: at(-1) })).toMatchObject({ recorded: false });
  });

  test('does not change the metric', async () => {
    const shown = 'version updatedAt';
    const before = await catalog.metric('revenue', shown);
    graphql.clock.advance(1000);
    await record(await addTest(), 'PASSED');
    expect(await catalog.metric('revenue', shown)).toEqual(before);
  });

  test('masks secrets and cuts long text', async () => {
    const id = await addTest();
    const message = `key sk-abcdefghijklmnopqrstuvwxyz0123456789ABCD ${'x'.repeat(5000)}`;
    const { test } = await record(id, 'ERROR', { message });
    expect(test.message).toMatch(/^key \*\*\* x+$/);
    expect(test.message).toHaveLength(4000);
  });

  test('refuses a run in the future, and text that cannot be stored', async () => {
    const id = await addTest();
    const ahead = await catalog.refuse('recordValidationResult', { id, status: 'PASSED', ranAt: at(3600) });
    expect(ahead.message).toMatch(/ranAt must be between 1970 and now/);
    expect(ahead.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.ranAt' });
    const long = { id, status: 'FAILED', difference: 'x'.repeat(100_001) };
    const tooLong = await catalog.refuse('recordValidationResult', long);
    expect(tooLong.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.difference' });
    const pending = await catalog.refuse('recordValidationResult', { id, status: 'PENDING' });
    expect(pending.message).toMatch(/"PENDING" does not exist in "ValidationOutcome"/);
    const unknown = await catalog.refuse('recordValidationResult', { id: uuidOf(404), status: 'PASSED' });
    expect(unknown.extensions).toEqual({ code: 'NOT_FOUND', argument: 'input.id' });
  });
});
