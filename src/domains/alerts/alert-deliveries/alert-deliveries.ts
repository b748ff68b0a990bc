import { alertDeliveries } from '../../../declarations/alerts/alert-deliveries.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import { webhooks } from '../../../declarations/alerts/webhooks.ts';
import { addRelationToMany } from '../../../graphql/relations/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/relations/relation-to-one.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Adds the relations from alerts to their deliveries, and from deliveries to alert and webhook. */
export function addAlertDeliveries(types: TypeRegistry): void {
  addRelationToMany(types, {
    from: alerts,
    to: alertDeliveries,
    key: 'alertId',
    name: 'deliveries',
    description:
      'The attempts to deliver the alert to webhooks, past and scheduled. Newest first, unless ' +
      '`orderBy` says otherwise.',
  });
  addRelationToOne(types, {
    from: alertDeliveries,
    to: alerts,
    key: 'alertId',
    description: 'The alert; null for a test alert, which is not stored, and for an alert that has expired.',
  });
  addRelationToOne(types, {
    from: alertDeliveries,
    to: webhooks,
    key: 'webhookId',
    description: 'The webhook; null if it was deleted.',
  });
}
