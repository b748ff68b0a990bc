import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inCatalog } from '../catalog.ts';
import { TEST_ID, testPayload } from './payload.ts';
import { countTests, requireTest, testKey } from './stored-test.ts';

/** Adds `deleteValidationTest`. */
export function addDeleteValidationTest(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('DeleteValidationTestInput', {
    description: 'The validation test to delete.',
    fields: (t) => ({ id: t.id({ required: true, description: TEST_ID }) }),
  });
  builder.mutationField('deleteValidationTest', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: testPayload(types, 'deleteValidationTest', 'The test in its last state.'),
      description: 'Deletes a validation test, and updates the `testCount` of the metric.',
      args: { input: t.arg({ type: input, required: true, description: 'The test.' }) },
      resolve: (_root, args, context) => deleteTest(context, args.input.id),
    }),
  );
}

function deleteTest(context: Context, id: string): Promise<Entity> {
  return inCatalog(context, async (prisma) => {
    const test = await requireTest(prisma, context, id);
    await prisma.validationTest.delete({ where: testKey(context, test.id) });
    await countTests(prisma, context, test.metricId);
    return test;
  });
}
