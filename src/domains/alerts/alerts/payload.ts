import type { StoredAlert } from '../../../alerting/alert.ts';
import { entityType } from '../../../graphql/dataset/entity.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { alerts } from './definition.ts';

/** What a mutation that moves an alert on answers. */
export function alertPayload(parts: Parts, name: string, description: string) {
  return parts.builder.objectRef<StoredAlert>(name).implement({
    description,
    fields: (t) => ({
      alert: t.field({
        type: entityType(parts, alerts),
        description: 'The alert as it is now.',
        resolve: (alert) => alert,
      }),
    }),
  });
}
