import type { ObjectType } from '../../../graphql/builder.ts';
import { type Entity, entityType } from '../../../graphql/dataset/entity.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { validationTests } from './definition.ts';

/** `AddValidationTestPayload` for `addValidationTest`. `which`: which test it holds, or in which state. */
export function testPayload(parts: Parts, mutation: string, which: string): ObjectType<Entity> {
  const name = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Payload`;
  return parts.builder.objectRef<Entity>(name).implement({
    description: `What \`${mutation}\` answers.`,
    fields: (t) => ({
      test: t.field({
        type: entityType(parts, validationTests),
        description: which,
        resolve: (test) => test,
      }),
    }),
  });
}

/** Which test a mutation is about. */
export const TEST_ID = 'The test, by its global id or its UUID.';
