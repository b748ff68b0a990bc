import { alerts } from '../../../declarations/alerts/alerts.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { entityPayload } from '../../../graphql/states/entity-payload.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/**
 * `AcknowledgeAlertPayload` for `acknowledgeAlert`: the result of a mutation that changes the
 * status of an alert.
 */
export function alertPayload(types: TypeRegistry, mutation: string): ObjectType<Entity> {
  return entityPayload(types, alerts, { mutation, field: 'alert', which: 'The alert as it is now.' });
}
