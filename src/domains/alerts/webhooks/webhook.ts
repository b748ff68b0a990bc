import { derivedId } from '../../../core/ids.ts';
import { alertDeliveries } from '../../../declarations/alerts/alert-deliveries.ts';
import { webhooks } from '../../../declarations/alerts/webhooks.ts';
import { entityType, selectColumns } from '../../../graphql/entities/entity.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import { addRelationToMany } from '../../../graphql/relations/relation-to-many.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Adds `webhook`, and what was sent to one. */
export function addWebhook(types: TypeRegistry): void {
  types.builder.queryField('webhook', (t) =>
    t.field({
      type: entityType(types, webhooks),
      nullable: true,
      description: 'The webhook with that id; null when there is none.',
      args: {
        webhookId: t.arg.string({ required: true, description: 'Its id, for example "on-call".' }),
      },
      resolve: async (_root, { webhookId }, context, info) => {
        const id = derivedId(context.projectId, webhooks.name, webhookId);
        const select = selectColumns(info, webhooks, selectionOf(info));
        return (await loadEntities(webhooks, context, [id], select)).get(id) ?? null;
      },
    }),
  );
  addRelationToMany(types, {
    from: webhooks,
    to: alertDeliveries,
    key: 'webhookId',
    name: 'deliveries',
    description:
      'The attempts to tell it, made and still to be made. The newest first, unless `orderBy` says otherwise.',
  });
}
