import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { webhookPayload } from './payload.ts';
import {
  cancelDeliveries,
  inWebhooks,
  requireWebhook,
  webhookIdInput,
  webhookKey,
} from './stored-webhook.ts';

/** Adds `deleteWebhook`. */
export function addDeleteWebhook(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('DeleteWebhookInput', {
    description: 'The webhook to delete.',
    fields: webhookIdInput,
  });
  builder.mutationField('deleteWebhook', (t) =>
    t.field({
      authScopes: { admin: true },
      type: webhookPayload(types, 'deleteWebhook', 'The webhook in its last state.'),
      description:
        'Deletes a webhook. Its scheduled deliveries are cancelled; past ones remain. Rules that ' +
        'name it keep its id, which notifies nobody until a webhook with this id exists again. ' +
        'NOT_FOUND if there is no such webhook.',
      args: { input: t.arg({ type: input, required: true, description: 'The webhook.' }) },
      resolve: (_root, args, context) => deleteWebhook(context, args.input.webhookId),
    }),
  );
}

function deleteWebhook(context: Context, webhookId: string): Promise<Entity> {
  return inWebhooks(context, async (prisma) => {
    const webhook = await requireWebhook(prisma, context, webhookId);
    await cancelDeliveries(prisma, context, webhookId);
    await prisma.webhook.delete({ where: webhookKey(context, webhookId) });
    return webhook;
  });
}
