import type { ObjectType } from '../../../graphql/builder.ts';
import type { Entity } from '../../../graphql/dataset/entity.ts';
import { entityPayload } from '../../../graphql/dataset/entity-payload.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { validationTests } from './definition.ts';

/** `AddValidationTestPayload` for `addValidationTest`. `which`: which test it holds, or in which state. */
export function testPayload(parts: Parts, mutation: string, which: string): ObjectType<Entity> {
  return entityPayload(parts, validationTests, { mutation, field: 'test', which });
}

/** Which test a mutation is about. */
export const TEST_ID = 'The test, by its global id or its UUID.';
