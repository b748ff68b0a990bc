import { TelltaleError } from '../../../core/errors.ts';
import { toUuid } from '../../../core/global-id.ts';
import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import type { Context } from '../../../graphql/context.ts';
import type { StateTransaction } from '../../../graphql/states/state-values.ts';
import { metricKey } from '../catalog.ts';

/** A validation test as it is stored. */
export type StoredTest = NonNullable<Awaited<ReturnType<typeof findTest>>>;

/** A client inside or outside a transaction. */
type Prisma = Pick<StateTransaction, 'validationTest'>;

/** Identifies a test for Prisma. */
export function testKey({ projectId }: Context, uuid: string) {
  return { projectId_id: { projectId, id: uuid } };
}

/** Null if there is none. */
export function findTest(prisma: Prisma, context: Context, uuid: string) {
  return prisma.validationTest.findUnique({ where: testKey(context, uuid) });
}

/**
 * The test with a global id or a UUID.
 *
 * @throws TelltaleError NOT_FOUND if there is none, InvalidArgument if the id belongs to something
 *   else.
 */
export async function requireTest(prisma: Prisma, context: Context, id: string): Promise<StoredTest> {
  const test = await findTest(prisma, context, toUuid(id, validationTests.entity, 'input.id'));
  if (test !== null) return test;
  throw new TelltaleError('NOT_FOUND', `There is no validation test "${id}".`, { argument: 'input.id' });
}

/** Updates the `testCount` of the metric, in the transaction that adds or removes a test. */
export async function countTests(
  prisma: StateTransaction,
  context: Context,
  metricId: string,
): Promise<void> {
  const testCount = await prisma.validationTest.count({ where: { projectId: context.projectId, metricId } });
  await prisma.metric.update({ where: metricKey(context, metricId), data: { testCount } });
}
