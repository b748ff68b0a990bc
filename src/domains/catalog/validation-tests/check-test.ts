import { type GraphQLSchema, Kind } from 'graphql';
import { present } from '../../../core/defined.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import { isObject } from '../../../core/is-object.ts';
import { checkQuery } from '../../../graphql/check-query.ts';
import type { Context } from '../../../graphql/context.ts';

/** The fields that decide whether a test can run. */
export interface RunnableTest {
  readonly testType: string;
  readonly testQuery: string | null;
  readonly expectedResult: unknown;
}

/**
 * Rejects a test that could never pass. A test of type GRAPHQL needs an executable query without
 * variables and an expected result. Tests of other types are not checked, because they run
 * elsewhere.
 */
export function checkRunnable(
  schema: GraphQLSchema,
  { services, caller }: Context,
  { testType, testQuery, expectedResult }: RunnableTest,
): void {
  if (testType !== 'GRAPHQL') return;
  const source = present(testQuery);
  const { limits } = services.config;
  const document = checkQuery({ schema, limits, caller, source, argument: 'input.testQuery' });
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || !definition.variableDefinitions?.length) continue;
    throw new InvalidArgument(
      'A validation test runs without variables: write their values into input.testQuery.',
      'input.testQuery',
    );
  }
  if (isObject(expectedResult)) return;
  throw new InvalidArgument(
    'A test of type GRAPHQL needs input.expectedResult: the `data` of the answer, a JSON object.',
    'input.expectedResult',
  );
}
