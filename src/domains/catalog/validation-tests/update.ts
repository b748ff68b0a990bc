import { isDeepStrictEqual } from 'node:util';
import type { GraphQLSchema } from 'graphql';
import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { changeInputs, inputColumns } from '../../../graphql/events/event-input.ts';
import { type PrismaValues, toPrismaData, toPrismaValues } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inCatalog } from '../catalog.ts';
import { checkRunnable } from './check-test.ts';
import { TEST_ID, testPayload } from './payload.ts';
import { requireTest, type StoredTest, testKey } from './stored-test.ts';

interface UpdateTestInput extends Readonly<Record<string, unknown>> {
  readonly id: string;
}

/**
 * The fields that define what is tested. After a change of one of them, the last result and runs
 * that began earlier say nothing about the test.
 */
const TESTED = ['testType', 'testQuery', 'expectedResult'] as const;
const CHANGEABLE = ['name', ...TESTED] as const;
const NOT_RUN = { status: 'PENDING', message: null, difference: null };

/** Adds `updateValidationTest`. */
export function addUpdateValidationTest(types: TypeRegistry): void {
  const { builder } = types;
  const columns = inputColumns(validationTests).filter(({ name }) => CHANGEABLE.some((one) => one === name));
  const input = builder.inputRef<UpdateTestInput>('UpdateValidationTestInput').implement({
    description: 'The test to change, and the fields to change. Omitted fields keep their values.',
    fields: (t) => ({
      id: t.id({ required: true, description: TEST_ID }),
      ...changeInputs(types, t, columns),
    }),
  });
  builder.mutationField('updateValidationTest', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: testPayload(types, 'updateValidationTest', 'The test as it is now.'),
      description:
        'Changes a validation test. If that changes what is tested, the status is PENDING ' +
        'until the next run, and a test of type GRAPHQL is checked as in `addValidationTest`. ' +
        'A new name alone also leaves `updatedAt` unchanged.',
      args: { input: t.arg({ type: input, required: true, description: 'The change.' }) },
      resolve: (_root, args, context, info) => updateTest(context, info.schema, args.input),
    }),
  );
}

async function updateTest(context: Context, schema: GraphQLSchema, input: UpdateTestInput): Promise<Entity> {
  const { id, ...fields } = input;
  const { stateChecks, clock } = context.services;
  const changes = toPrismaValues(validationTests, stateChecks.toChanges(validationTests, fields));
  return inCatalog(context, async (prisma) => {
    const present = await requireTest(prisma, context, id);
    const wanted = { ...present, ...changes };
    if (isSame(present, wanted, CHANGEABLE)) return present;
    const isTheSame = isSame(present, wanted, TESTED);
    // The schema may have changed so that the stored query is no longer valid. That must not
    // prevent renaming the test.
    if (!isTheSame) checkRunnable(schema, context, wanted);
    const changed = isTheSame ? {} : { ...NOT_RUN, updatedAt: new Date(clock.now()) };
    return prisma.validationTest.update({
      where: testKey(context, present.id),
      data: toPrismaData(validationTests, { ...changes, ...changed }),
    });
  });
}

/** Whether both versions test the same thing. */
export function testsTheSame(one: StoredTest, other: StoredTest): boolean {
  return isSame(one, other, TESTED);
}

function isSame(one: PrismaValues, other: PrismaValues, fields: readonly string[]): boolean {
  return fields.every((field) => isDeepStrictEqual(one[field], other[field]));
}
