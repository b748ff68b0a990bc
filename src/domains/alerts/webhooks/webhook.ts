import { alertDeliveries } from '../../../declarations/alerts/alert-deliveries.ts';
import { webhooks } from '../../../declarations/alerts/webhooks.ts';
import { addRelationToMany } from '../../../graphql/relations/relation-to-many.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Adds the deliveries of a webhook. */
export function addWebhook(types: TypeRegistry): void {
  addRelationToMany(types, {
    from: webhooks,
    to: alertDeliveries,
    key: 'webhookId',
    name: 'deliveries',
    description:
      'The attempts to deliver alerts to the webhook, past and scheduled. Newest first, unless ' +
      '`orderBy` says otherwise.',
  });
}
