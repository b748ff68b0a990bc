import { derivedId } from '../../../core/ids.ts';
import { entityType, selectColumns } from '../../../graphql/dataset/entity.ts';
import { loadEntities } from '../../../graphql/dataset/load.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addRelationToMany } from '../../../graphql/dataset/relation-to-many.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import { alertDeliveries } from '../alert-deliveries/definition.ts';
import { webhooks } from './definition.ts';

/** Adds `webhook`, and what was sent to one. */
export function addWebhook(parts: Parts): void {
  parts.builder.queryField('webhook', (t) =>
    t.field({
      type: entityType(parts, webhooks),
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
  addRelationToMany(parts, {
    from: webhooks,
    to: alertDeliveries,
    key: 'webhookId',
    name: 'deliveries',
    description:
      'The attempts to tell it, made and still to be made. The newest first, unless `orderBy` says otherwise.',
  });
}
