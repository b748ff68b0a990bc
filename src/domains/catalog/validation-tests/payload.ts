import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { entityPayload } from '../../../graphql/states/entity-payload.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/**
 * `AddValidationTestPayload` for `addValidationTest`. `which`: which test it holds, or in which
 * state.
 */
export function testPayload(types: TypeRegistry, mutation: string, which: string): ObjectType<Entity> {
  return entityPayload(types, validationTests, { mutation, field: 'test', which });
}

/** Which test a mutation is about. */
export const TEST_ID = 'The test, by its global id or its UUID.';
