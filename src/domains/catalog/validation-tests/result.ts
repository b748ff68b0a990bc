import { columnOf } from '../../../core/dataset/table.ts';
import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import type { Context } from '../../../graphql/context.ts';
import { stateType } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inCatalog } from '../catalog.ts';
import { TEST_ID } from './payload.ts';
import {
  checkRanAt,
  isOutdated,
  type RecordedResult,
  recordResult,
  type TestResult,
} from './record-result.ts';
import { requireTest } from './stored-test.ts';

/** Adds `recordValidationResult`. */
export function addRecordValidationResult(types: TypeRegistry): void {
  const { builder } = types;
  const outcome = outcomeEnum(types);
  const input = builder.inputType('RecordValidationResultInput', {
    description: 'The result of a run of a validation test.',
    fields: (t) => ({
      id: t.id({ required: true, description: TEST_ID }),
      status: t.field({ type: outcome, required: true, description: 'The outcome of the run.' }),
      message: t.string({
        description: 'The message of the run; cut to 4,000 characters, with secrets masked. Default: none.',
      }),
      difference: t.field({
        type: 'JSON',
        description: 'The differences between the answer and the expected result, as JSON. Default: none.',
      }),
      ranAt: t.field({
        type: 'DateTime',
        description:
          'When the run began. Because clocks differ, times up to five minutes in the future ' +
          'count as now. Default: now.',
      }),
    }),
  });
  builder.mutationField('recordValidationResult', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: recordedResultType(types),
      description:
        'Records the result of a test that was run elsewhere, replacing the last result. The ' +
        'result of an older run, or of a run that began before the tested definition last changed, ' +
        'has no effect: `recorded` is then false.',
      args: { input: t.arg({ type: input, required: true, description: 'The result.' }) },
      resolve: (_root, args, context) => {
        const { id, status, message, difference, ranAt } = args.input;
        return recordGivenResult(context, id, {
          status,
          message: message ?? null,
          difference: difference ?? null,
          ranAt: ranAt?.getTime() ?? context.services.clock.now(),
        });
      },
    }),
  );
}

/** The statuses that can be the outcome of a run. */
function outcomeEnum({ builder }: TypeRegistry) {
  const { values = {} } = columnOf(validationTests, 'status');
  const described = (name: TestResult['status']) => ({ description: values[name] ?? '' });
  return builder.enumType('ValidationOutcome', {
    description: 'The result of a run of a validation test.',
    values: {
      PASSED: described('PASSED'),
      FAILED: described('FAILED'),
      ERROR: described('ERROR'),
    } as const,
  });
}

function recordedResultType(types: TypeRegistry) {
  return types.builder.objectRef<RecordedResult>('RecordValidationResultPayload').implement({
    description: 'A validation test after a result was received.',
    fields: (t) => ({
      test: t.prismaField({
        type: stateType(types, validationTests),
        description: 'The test with its newest result.',
        resolve: (_query, { test }) => test,
      }),
      recorded: t.exposeBoolean('recorded', {
        description:
          'False if the result of a later run was already stored, or if the tested definition ' +
          'changed after the run began. The stored result then stays.',
      }),
    }),
  });
}

function recordGivenResult(context: Context, id: string, given: TestResult): Promise<RecordedResult> {
  const result = { ...given, ranAt: checkRanAt(given.ranAt, context.services.clock.now()) };
  return inCatalog(context, async (prisma) => {
    const test = await requireTest(prisma, context, id);
    if (isOutdated(test, result.ranAt)) return { test, recorded: false };
    return recordResult(prisma, context, { ...result, test });
  });
}
