import type { Difference } from '../../../core/json-difference.ts';
import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import { type Entity, entityType } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { Verdict } from './judge.ts';

/** A test with its newest result, and what this run of it showed. */
export interface TestRun extends Verdict {
  readonly test: Entity;
  /** False: there was a newer result already, which stays. */
  readonly recorded: boolean;
}

/** `RunValidationTestPayload`. */
export function runPayload(types: TypeRegistry) {
  const difference = differenceType(types);
  return types.builder.objectRef<TestRun>('RunValidationTestPayload').implement({
    description: 'What a run of a validation test showed.',
    fields: (t) => ({
      test: t.field({
        type: entityType(types, validationTests),
        description: 'The test with its newest result: this one, unless a later run was faster.',
        resolve: ({ test }) => test,
      }),
      recorded: t.exposeBoolean('recorded', {
        description: 'False: the result of a later run was there already, and stays.',
      }),
      passed: t.boolean({
        description: 'Whether the answer of this run is what was expected, be it recorded or not.',
        resolve: ({ status }) => status === 'PASSED',
      }),
      difference: t.field({
        type: [difference],
        description:
          'Where the answer differs from what was expected, at most 100. Empty when it passed, and when there is no answer: ' +
          'then the `message` of the test says why.',
        resolve: ({ differences }) => differences,
      }),
      truncated: t.exposeBoolean('truncated', {
        description: 'True: there are more differences than these.',
      }),
      actual: t.field({
        type: 'JSON',
        nullable: true,
        description: 'The whole `data` of the answer; null when the query answered with errors.',
        resolve: ({ actual }) => actual,
      }),
    }),
  });
}

function differenceType(types: TypeRegistry) {
  const kind = kindEnum(types);
  return types.builder.objectRef<Difference>('ValidationDifference').implement({
    description: 'One place where an answer differs from what was expected.',
    fields: (t) => ({
      path: t.exposeString('path', {
        description:
          'Where: names and list positions with dots between, such as "groups.0.stats.count"; empty for the whole.',
      }),
      kind: t.expose('kind', { type: kind, description: 'How it differs.' }),
      expected: t.field({
        type: 'JSON',
        nullable: true,
        description: 'What was expected there; null where nothing was.',
        resolve: ({ expected }) => expected ?? null,
      }),
      actual: t.field({
        type: 'JSON',
        nullable: true,
        description: 'What is there; null where nothing is.',
        resolve: ({ actual }) => actual ?? null,
      }),
    }),
  });
}

function kindEnum({ builder }: TypeRegistry) {
  return builder.enumType('ValidationDifferenceKind', {
    description: 'How an answer differs from what was expected.',
    values: {
      MISSING: { description: 'Only the expected result has it.' },
      UNEXPECTED: { description: 'Only the answer has it.' },
      CHANGED: { description: 'Both have it, and the values differ.' },
    } as const,
  });
}
