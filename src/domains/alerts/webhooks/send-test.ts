import { TelltaleError } from '../../../core/errors.ts';
import { alertDeliveries } from '../../../declarations/alerts/alert-deliveries.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, stateType } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { requireWebhook, webhookIdInput } from './stored-webhook.ts';

/** Adds `sendTestAlert`. */
export function addSendTestAlert(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('SendTestAlertInput', {
    description: 'The webhook to test.',
    fields: webhookIdInput,
  });
  const payload = builder.objectRef<Entity>('SendTestAlertPayload').implement({
    description: 'The result of `sendTestAlert`.',
    fields: (t) => ({
      delivery: t.prismaField({
        type: stateType(types, alertDeliveries),
        description:
          'The first attempt, which is scheduled. To follow it, query `node`, or the `deliveries` of the webhook.',
        resolve: (_query, delivery) => delivery,
      }),
    }),
  });
  builder.mutationField('sendTestAlert', (t) =>
    t.field({
      authScopes: { admin: true },
      type: payload,
      description:
        'Sends a webhook a test alert in the same way as other alerts, to check that they arrive. ' +
        'The alert is not stored. The `minSeverity`, `types`, `labels`, quiet hours and `groupWait` ' +
        'of the webhook do not apply. NOT_FOUND if there is no such webhook, CONFLICT if it is disabled.',
      args: { input: t.arg({ type: input, required: true, description: 'The webhook.' }) },
      resolve: (_root, args, context) => sendTest(context, args.input.webhookId),
    }),
  );
}

function sendTest(context: Context, webhookId: string): Promise<Entity> {
  return context.services.alerting.alertBook.change(context.projectId, async (writer, prisma) => {
    const { enabled } = await requireWebhook(prisma, context, webhookId);
    if (enabled) return writer.test(webhookId);
    throw new TelltaleError('CONFLICT', `The webhook "${webhookId}" is disabled: enable it first.`, {
      argument: 'input.webhookId',
    });
  });
}
