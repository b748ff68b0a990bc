import type { ObjectType } from '../../../graphql/builder.ts';
import { type Entity, entityType } from '../../../graphql/dataset/entity.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { validationTests } from './definition.ts';

/** A payload that holds a test. `which`: which one, or in which state. */
export function testPayload(parts: Parts, name: string, which: string): ObjectType<Entity> {
  return parts.builder.objectRef<Entity>(name).implement({
    description: 'A validation test.',
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
