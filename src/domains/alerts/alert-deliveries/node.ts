import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addRelationToMany } from '../../../graphql/dataset/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/dataset/relation-to-one.ts';
import { alerts } from '../alerts/definition.ts';
import { webhooks } from '../webhooks/definition.ts';
import { alertDeliveries } from './definition.ts';

/** Leads from alerts to their deliveries, and from there to alert and webhook. */
export function addAlertDeliveries(parts: Parts): void {
  addRelationToMany(parts, {
    from: alerts,
    to: alertDeliveries,
    key: 'alertId',
    name: 'deliveries',
    description:
      'The attempts to tell webhooks of it, made and still to be made. The newest first, unless `orderBy` says otherwise.',
  });
  addRelationToOne(parts, {
    from: alertDeliveries,
    to: alerts,
    key: 'alertId',
    description: 'The alert; null for the one of a test, which is not stored, and for one that has expired.',
  });
  addRelationToOne(parts, {
    from: alertDeliveries,
    to: webhooks,
    key: 'webhookId',
    description: 'The webhook; null when it was deleted.',
  });
}
