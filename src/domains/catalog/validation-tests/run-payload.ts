import type { Difference } from '../../../core/json-difference.ts';
import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import { type Entity, stateType } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { Verdict } from './compare-answer.ts';

/** A test with its newest result, and the result of this run. */
export interface TestRun extends Verdict {
  readonly test: Entity;
  /** False if a newer result was already stored and stays. */
  readonly recorded: boolean;
}

/** The type `RunValidationTestPayload`. */
export function runPayload(types: TypeRegistry) {
  const difference = differenceType(types);
  return types.builder.objectRef<TestRun>('RunValidationTestPayload').implement({
    description: 'The result of a run of a validation test.',
    fields: (t) => ({
      test: t.prismaField({
        type: stateType(types, validationTests),
        description: 'The test with its newest result: this one, unless a later run finished first.',
        resolve: (_query, { test }) => test,
      }),
      recorded: t.exposeBoolean('recorded', {
        description: 'False if the result of a later run was already stored; it stays.',
      }),
      passed: t.boolean({
        description:
          'Whether the answer of this run equals the expected result, whether or not it was recorded.',
        resolve: ({ status }) => status === 'PASSED',
      }),
      difference: t.field({
        type: [difference],
        description:
          'The differences between the answer and the expected result, at most 100. Empty if ' +
          'the test passed, or if there is no answer: the `message` of the test then says why.',
        resolve: ({ differences }) => differences,
      }),
      truncated: t.exposeBoolean('truncated', {
        description: 'True if there are more differences than these.',
      }),
      actual: t.field({
        type: 'JSON',
        nullable: true,
        description: 'The whole `data` of the answer; null if the query returned errors.',
        resolve: ({ actual }) => actual,
      }),
    }),
  });
}

function differenceType(types: TypeRegistry) {
  const kind = kindEnum(types);
  return types.builder.objectRef<Difference>('ValidationDifference').implement({
    description: 'One difference between an answer and the expected result.',
    fields: (t) => ({
      path: t.exposeString('path', {
        description:
          'The path: names and list positions separated by dots, such as ' +
          '"groups.0.stats.count"; empty for the whole result.',
      }),
      kind: t.expose('kind', { type: kind, description: 'The kind of difference.' }),
      expected: t.field({
        type: 'JSON',
        nullable: true,
        description: 'The expected value; null if there is none.',
        resolve: ({ expected }) => expected ?? null,
      }),
      actual: t.field({
        type: 'JSON',
        nullable: true,
        description: 'The actual value; null if there is none.',
        resolve: ({ actual }) => actual ?? null,
      }),
    }),
  });
}

function kindEnum({ builder }: TypeRegistry) {
  return builder.enumType('ValidationDifferenceKind', {
    description: 'The kind of difference between an answer and the expected result.',
    values: {
      MISSING: { description: 'Only the expected result has a value.' },
      UNEXPECTED: { description: 'Only the answer has a value.' },
      CHANGED: { description: 'Both have a value, and the values differ.' },
    } as const,
  });
}
