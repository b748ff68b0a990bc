import { columnOf } from '../../../core/dataset/table.ts';
import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import type { Context } from '../../../graphql/context.ts';
import { entityType } from '../../../graphql/entities/entity.ts';
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
    description: 'How a run of a validation test went.',
    fields: (t) => ({
      id: t.id({ required: true, description: TEST_ID }),
      status: t.field({ type: outcome, required: true, description: 'How it went.' }),
      message: t.string({
        description: 'What it said, in words; cut to 4,000 characters, secrets masked. Default: none.',
      }),
      difference: t.field({
        type: 'JSON',
        description: 'Where the answer differed from what was expected, as JSON. Default: none.',
      }),
      ranAt: t.field({
        type: 'DateTime',
        description:
          'When the run began. Up to five minutes in the future are taken for now: clocks differ. Default: now.',
      }),
    }),
  });
  builder.mutationField('recordValidationResult', (t) =>
    t.field({
      type: recordedResultType(types),
      description:
        'Records the result of a test that was run elsewhere, in place of its last one. A result of an older run than that, or of ' +
        'one that began before the test was what it is now, changes nothing: `recorded` is false then.',
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

/** The statuses that a run can lead to. */
function outcomeEnum({ builder }: TypeRegistry) {
  const { values = {} } = columnOf(validationTests, 'status');
  const described = (name: TestResult['status']) => ({ description: values[name] ?? '' });
  return builder.enumType('ValidationOutcome', {
    description: 'How a run of a validation test went.',
    values: {
      PASSED: described('PASSED'),
      FAILED: described('FAILED'),
      ERROR: described('ERROR'),
    } as const,
  });
}

function recordedResultType(types: TypeRegistry) {
  return types.builder.objectRef<RecordedResult>('RecordValidationResultPayload').implement({
    description: 'A validation test after a result came in.',
    fields: (t) => ({
      test: t.field({
        type: entityType(types, validationTests),
        description: 'The test with its newest result.',
        resolve: ({ test }) => test,
      }),
      recorded: t.exposeBoolean('recorded', {
        description:
          'False: a result of a later run was there already, and stays; or what is tested was changed after the run had begun.',
      }),
    }),
  });
}

function recordGivenResult(context: Context, id: string, given: TestResult): Promise<RecordedResult> {
  const result = { ...given, ranAt: checkRanAt(given.ranAt, context.services.clock.now()) };
  return inCatalog(context, async (prisma) => {
    const test = await requireTest(prisma, context, id);
    if (isOutdated(test, result.ranAt)) return { test, recorded: false };
    return recordResult(prisma, context, test, result);
  });
}
