import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../../src/access/caller.ts';
import { createHeldBytes } from '../../../src/core/held-bytes.ts';
import { limitOperations, type RunningQueries } from '../../../src/graphql/limits/use-operation-limits.ts';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { type Catalog, catalogOf } from './support/catalog.ts';

const TOTALS = '{ llmCallAnalytics(range: { last: "P1D" }) { totals { count } } }';
const totals = (count: number) => ({ llmCallAnalytics: { totals: { count } } });

const RUN = 'mutation ($id: ID!) { runValidationTest(input: { id: $id }) { test { status message } } }';

describeEachDatabase('runValidationTest', (database) => {
  let graphql: TestGraphQL;
  let catalog: Catalog;
  /** Called and awaited before the totals of any query are read. */
  let beforeTotals: () => Promise<void> = async () => {};
  beforeAll(async () => {
    graphql = await startGraphQL(database, {
      replace: ({ analytics }) => ({
        analytics: {
          ...analytics,
          async totals(scope, measures) {
            await beforeTotals();
            return analytics.totals(scope, measures);
          },
        },
      }),
    });
    catalog = catalogOf(graphql);
    await catalog.create('calls');
    await graphql.data('mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }', {
      input: [llmCall({ timestamp: '2026-11-22T11:00:00Z' }), llmCall({ timestamp: '2026-11-22T11:30:00Z' })],
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  async function add(testQuery: string, expectedResult: unknown): Promise<string> {
    const input = { metricId: 'calls', testType: 'GRAPHQL', testQuery, expectedResult };
    return (await catalog.change('addValidationTest', input)).test.id;
  }

  test('passes if the answer is the expected one', async () => {
    expect(await catalog.change('runValidationTest', { id: await add(TOTALS, totals(2)) })).toEqual({
      recorded: true,
      passed: true,
      truncated: false,
      actual: totals(2),
      difference: [],
      test: { status: 'PASSED', lastRun: NOW, message: null, difference: null },
    });
  });

  test('fails if the answer differs, and records where', async () => {
    const id = await add(TOTALS, totals(3));
    const [path, kind] = ['llmCallAnalytics.totals.count', 'CHANGED'];
    const difference = [{ path, kind, expected: 3, actual: 2 }];
    const message = `1 difference, at ${path}: expected 3, got 2.`;
    expect(await catalog.change('runValidationTest', { id })).toEqual({
      recorded: true,
      passed: false,
      truncated: false,
      actual: totals(2),
      difference,
      test: { status: 'FAILED', lastRun: NOW, message, difference },
    });
    const stored = await catalog.metric(
      'calls',
      'validationTests(first: 1) { nodes { status message difference } }',
    );
    expect(stored.validationTests.nodes).toEqual([{ status: 'FAILED', message, difference }]);
  });

  test('is an error if the query answers with errors', async () => {
    const id = await add('{ node(id: "\\u0000") { id } metrics(first: 0) { totalCount } }', {});
    const { test, ...run } = await catalog.change('runValidationTest', { id });
    expect(run).toEqual({ recorded: true, passed: false, truncated: false, actual: null, difference: [] });
    expect(test).toMatchObject({ status: 'ERROR', lastRun: NOW, difference: null });
    expect(test.message).toContain('metrics: `first` must be between 1 and 500, not 0.');
    expect(test.message).toContain('"\ufffd" is not a valid id');
  });

  test('is an error if the query is no longer valid', async () => {
    const id = await add(TOTALS, totals(2));
    const where = { projectId: 'default', id: id.slice('ValidationTest:'.length) };
    await graphql.services.store.prisma.validationTest.updateMany({
      where,
      data: { testQuery: '{ removed }' },
    });
    const { passed, test } = await catalog.change('runValidationTest', { id });
    expect(passed).toBe(false);
    expect(test).toMatchObject({
      status: 'ERROR',
      message: expect.stringMatching(/Cannot query field "removed"/),
    });
  });

  test('sees only the project of the caller', async () => {
    const other = catalogOf(graphql, 'other');
    await other.create('calls');
    const input = { metricId: 'calls', testType: 'GRAPHQL', testQuery: TOTALS, expectedResult: totals(0) };
    const { test } = await other.change('addValidationTest', input);
    expect(await other.change('runValidationTest', { id: test.id })).toMatchObject({ passed: true });
    const error = await catalog.refuse('runValidationTest', { id: test.id });
    expect(error.extensions).toEqual({ code: 'NOT_FOUND', argument: 'input.id' });
  });

  test.each(['SQL', 'SCRIPT', 'MANUAL'])('does not run tests of type %s', async (testType) => {
    const input = { metricId: 'calls', testType, testQuery: 'x' };
    const { test } = await catalog.change('addValidationTest', input);
    const error = await catalog.refuse('runValidationTest', { id: test.id });
    expect(error.message).toMatch(/record its result with `recordValidationResult`/);
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.id' });
  });

  /** Runs the test, and calls `work` once its query has begun. */
  async function runWhile(id: string, work: () => Promise<unknown>) {
    beforeTotals = async () => {
      beforeTotals = async () => {};
      await work();
    };
    return graphql.run(
      'mutation ($id: ID!) { runValidationTest(input: { id: $id }) { recorded passed test { status lastRun message } } }',
      { id },
    );
  }

  test('is NOT_FOUND if the test was deleted meanwhile', async () => {
    const id = await add(TOTALS, totals(2));
    const { errors } = await runWhile(id, () => catalog.change('deleteValidationTest', { id }));
    expect(errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND', argument: 'input.id' });
  });

  test('records nothing if the query or the expected answer was changed meanwhile', async () => {
    const id = await add(TOTALS, totals(2));
    const change = { id, expectedResult: totals(5) };
    const { errors } = await runWhile(id, () => catalog.change('updateValidationTest', change));
    expect(errors?.[0]?.extensions).toEqual({ code: 'CONFLICT', argument: 'input.id' });
    const { validationTests } = await catalog.metric(
      'calls',
      'validationTests(first: 1) { nodes { status } }',
    );
    expect(validationTests.nodes).toEqual([{ status: 'PENDING' }]);
  });

  test('does not replace the result of a later run that was faster', async () => {
    const id = await add(TOTALS, totals(2));
    const { data } = await runWhile(id, () => {
      graphql.clock.advance(1000);
      return catalog.change('recordValidationResult', { id, status: 'ERROR', message: 'later' });
    });
    expect(data.runValidationTest).toMatchObject({
      recorded: false,
      passed: true,
      test: { status: 'ERROR', message: 'later' },
    });
  });

  test('records its result after one with a clock that is ahead', async () => {
    const id = await add(TOTALS, totals(2));
    const ranAt = new Date(graphql.clock.now() + 4 * 60_000).toISOString();
    const { test } = await catalog.change('recordValidationResult', { id, status: 'FAILED', ranAt });
    expect(test.lastRun).toBe(new Date(graphql.clock.now()).toISOString());
    expect(await catalog.change('runValidationTest', { id })).toMatchObject({
      recorded: true,
      passed: true,
      test: { status: 'PASSED' },
    });
  });

  test('follows the rules for any query of its caller', async () => {
    const run = async (id: string, caller: Caller) =>
      (await graphql.data(RUN, { id }, caller)).runValidationTest.test;
    const introspection = await add('{ __schema { queryType { name } } }', {});
    expect(await run(introspection, callerOf('default', ['READ', 'INGEST']))).toMatchObject({
      status: 'FAILED',
    });
    expect(await run(introspection, callerOf('default', ['INGEST']))).toEqual({
      status: 'ERROR',
      message: expect.stringContaining('introspection'),
    });
  });

  test('ends when the server stops, and records nothing', async () => {
    let queries: RunningQueries | undefined;
    await using stopping = await startGraphQL(database, {
      databaseUrl: graphql.databaseUrl,
      plugins: ({ store, config }) => {
        const held = createHeldBytes(config.limits.runningBytes);
        queries = limitOperations((scope, work) => store.reading(scope, work), config.limits, { held });
        return [queries.plugin];
      },
      replace: ({ analytics }) => ({
        analytics: {
          ...analytics,
          totals(scope, measures) {
            queries?.stop();
            return analytics.totals(scope, measures);
          },
        },
      }),
    });
    const id = await add(TOTALS, totals(2));
    const unavailable = expect.objectContaining({
      message: 'The server is shutting down. Try again in a moment.',
      path: ['runValidationTest'],
      extensions: { code: 'UNAVAILABLE', retryAfterMs: 1000 },
    });
    // The second query comes after the stop.
    for (let run = 0; run < 2; run++) {
      expect((await stopping.run(RUN, { id })).errors).toEqual([unavailable]);
    }
    const untouched = '{ node(id: $id) { ... on ValidationTest { status lastRun } } }';
    expect(await graphql.data(`query ($id: ID!) ${untouched}`, { id })).toEqual({
      node: { status: 'PENDING', lastRun: null },
    });
  });

  test('has the deadline of any query', async () => {
    await using hasty = await startGraphQL(database, {
      databaseUrl: graphql.databaseUrl,
      replace: ({ analytics, config }) => ({
        config: { ...config, limits: { ...config.limits, deadlineMs: 1 } },
        analytics: {
          ...analytics,
          // The deadline has passed when the totals are read.
          totals: (scope, measures) =>
            new Promise((resolve) => setTimeout(resolve, 2)).then(() => analytics.totals(scope, measures)),
        },
      }),
    });
    const id = await add(TOTALS, totals(2));
    expect((await hasty.data(RUN, { id })).runValidationTest.test).toEqual({
      status: 'ERROR',
      message: expect.stringContaining('did not end within 1 ms'),
    });
  });
});
