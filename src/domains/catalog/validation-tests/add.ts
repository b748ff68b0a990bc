import type { GraphQLSchema } from 'graphql';
import { TelltaleError } from '../../../core/errors.ts';
import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, toState } from '../../../graphql/entities/entity.ts';
import { columnInputs, inputColumns } from '../../../graphql/events/event-input.ts';
import { presentState, toPrismaData } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inCatalog, requireMetric } from '../catalog.ts';
import { checkRunnable } from './check-test.ts';
import { testPayload } from './payload.ts';
import { countTests, findTest } from './stored-test.ts';

/** Adds `addValidationTest`. */
export function addAddValidationTest(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<Record<string, unknown>>('AddValidationTestInput').implement({
    description: 'A new validation test of a metric.',
    fields: (t) => columnInputs(types, t, inputColumns(validationTests)),
  });
  builder.mutationField('addValidationTest', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: testPayload(types, 'addValidationTest', 'The new test.'),
      description:
        'Adds a test that a metric must pass, and updates the `testCount` of the metric. A ' +
        'test of type GRAPHQL is checked at once: its query must be valid against this schema ' +
        'and read-only, and `expectedResult` is required. CONFLICT if a test with the given ' +
        '`id` exists.',
      args: { input: t.arg({ type: input, required: true, description: 'The test.' }) },
      resolve: (_root, args, context, info) => addTest(context, info.schema, args.input),
    }),
  );
}

async function addTest(
  context: Context,
  schema: GraphQLSchema,
  input: Readonly<Record<string, unknown>>,
): Promise<Entity> {
  const row = context.services.stateChecks.toRow(validationTests, context.projectId, input);
  const test = toState(validationTests, row);
  checkRunnable(schema, context, test);
  const { metricId } = test;
  return inCatalog(context, async (prisma) => {
    await requireMetric(prisma, context, metricId);
    const present = await findTest(prisma, context, test.id);
    if (present !== null) {
      throw new TelltaleError('CONFLICT', `The validation test ${test.id} already exists.`, {
        argument: 'input.id',
        current: presentState(validationTests, present),
      });
    }
    const added = await prisma.validationTest.create({ data: toPrismaData(validationTests, test) });
    await countTests(prisma, context, metricId);
    return added;
  });
}
