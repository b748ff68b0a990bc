import type { GraphQLResolveInfo } from 'graphql';
import { InvalidArgument, TelltaleError } from '../../../core/errors.ts';
import type { Context } from '../../../graphql/context.ts';
import { costsRows } from '../../../graphql/limits/field-cost.ts';
import { type QueryRun, runQuery } from '../../../graphql/run-query.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inCatalog } from '../catalog.ts';
import { compareAnswer } from './compare-answer.ts';
import { TEST_ID } from './payload.ts';
import { recordResult } from './record-result.ts';
import { runPayload, type TestRun } from './run-payload.ts';
import { requireTest, type StoredTest } from './stored-test.ts';
import { testsTheSame } from './update.ts';

/** Adds `runValidationTest`. */
export function addRunValidationTest(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('RunValidationTestInput', {
    description: 'The validation test to run.',
    fields: (t) => ({ id: t.id({ required: true, description: TEST_ID }) }),
  });
  builder.mutationField('runValidationTest', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: runPayload(types),
      // The price of the stored query is known only when the query is read.
      extensions: costsRows(10_000),
      description:
        'Runs a test of type GRAPHQL: executes its read-only query with your permissions, ' +
        'compares the answer with `expectedResult`, and records the result. The status is ' +
        'PASSED, FAILED, or ERROR if the query returns errors or is no longer valid. ' +
        '`recorded` is false if a later run finished first. CONFLICT if the test was changed ' +
        'while it ran, UNAVAILABLE if the server stops: nothing is recorded then. Run tests of other types yourself and use ' +
        '`recordValidationResult`.',
      args: { input: t.arg({ type: input, required: true, description: 'The test.' }) },
      resolve: (_root, args, context, info) => runTest(context, info, args.input.id),
    }),
  );
}

/**
 * The query runs outside any transaction: it may take long, and others can change the catalog
 * meanwhile.
 */
async function runTest(context: Context, info: GraphQLResolveInfo, id: string): Promise<TestRun> {
  const { store, clock } = context.services;
  const test = await requireTest(store.prisma, context, id);
  if (test.testType !== 'GRAPHQL') {
    throw new InvalidArgument(
      `The test is of type ${test.testType}, which is run elsewhere: record its result with ` +
        '`recordValidationResult`.',
      'input.id',
    );
  }
  const ranAt = clock.now();
  const verdict = compareAnswer(test.expectedResult, await ask(context, info, test));
  return inCatalog(context, async (prisma) => {
    const present = await requireTest(prisma, context, id);
    if (!testsTheSame(test, present)) {
      throw new TelltaleError('CONFLICT', 'The test was changed while it ran: run it again.', {
        argument: 'input.id',
      });
    }
    const { status, message, difference } = verdict;
    const run = { test: present, status, message, difference, ranAt };
    const result = await recordResult(prisma, context, run);
    return { ...verdict, ...result };
  });
}

async function ask(context: Context, info: GraphQLResolveInfo, { testQuery }: StoredTest): Promise<QueryRun> {
  const { limits } = context.services.config;
  try {
    return await runQuery({
      schema: info.schema,
      limits,
      source: testQuery,
      argument: 'testQuery',
      context,
    });
  } catch (error) {
    // The query was valid when it was added, but the schema or the limits have changed. That is a
    // result, not a mistake of the caller.
    if (error instanceof InvalidArgument) return { errors: [{ message: error.message, path: [] }] };
    throw error;
  }
}
