import type { StoredAlert } from '../../../alerting/alert.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import { entityPayload } from '../../../graphql/dataset/entity-payload.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { alerts } from './definition.ts';

/** `AcknowledgeAlertPayload` for `acknowledgeAlert`: what a mutation that moves an alert on answers. */
export function alertPayload(parts: Parts, mutation: string): ObjectType<StoredAlert> {
  return entityPayload(parts, alerts, { mutation, field: 'alert', which: 'The alert as it is now.' });
}
