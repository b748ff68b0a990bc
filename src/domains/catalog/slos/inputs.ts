import { slos } from '../../../declarations/catalog/slos.ts';
import type { InputBuilder, ObjectType } from '../../../graphql/builder.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { inputColumns } from '../../../graphql/events/event-input.ts';
import { entityPayload } from '../../../graphql/states/entity-payload.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** The columns that a client may set in a new SLO. The server sets `createdAt`. */
export const sloColumns = inputColumns(slos).filter(({ name }) => name !== 'createdAt');

/** Identifies the SLO that a mutation is about. */
export function sloIdInput(t: InputBuilder) {
  return { sloId: t.string({ required: true, description: 'The SLO, by its id.' }) };
}

/** `CreateSloPayload` for `createSlo`. `which` describes the SLO in it. */
export function sloPayload(types: TypeRegistry, mutation: string, which: string): ObjectType<Entity> {
  return entityPayload(types, slos, { mutation, field: 'slo', which });
}
