import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { entityPayload } from '../../../graphql/states/entity-payload.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/**
 * The payload type of a mutation: `AddValidationTestPayload` for `addValidationTest`. `which`
 * describes the test in it.
 */
export function testPayload(types: TypeRegistry, mutation: string, which: string): ObjectType<Entity> {
  return entityPayload(types, validationTests, { mutation, field: 'test', which });
}

/** The description of the argument that identifies a test. */
export const TEST_ID = 'The test, by its global id or its UUID.';
