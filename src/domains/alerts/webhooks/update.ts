import { isDeepStrictEqual } from 'node:util';
import { checkWebhook } from '../../../alerting/delivery/check-webhook.ts';
import { webhooks } from '../../../declarations/alerts/webhooks.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { changeInputs, inputColumns } from '../../../graphql/events/event-input.ts';
import { toPrismaData, toPrismaValues } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { webhookPayload } from './payload.ts';
import {
  cancelDeliveries,
  inWebhooks,
  requireWebhook,
  type StoredWebhook,
  webhookIdInput,
  webhookKey,
} from './stored-webhook.ts';

interface UpdateWebhookInput extends Readonly<Record<string, unknown>> {
  readonly webhookId: string;
}

const CHANGEABLE: readonly string[] = ['kind', 'url', 'description', 'enabled', 'minSeverity', 'types'];

/** Adds `updateWebhook`. */
export function addUpdateWebhook(types: TypeRegistry): void {
  const { builder } = types;
  const columns = inputColumns(webhooks).filter(({ name }) => CHANGEABLE.includes(name));
  const input = builder.inputRef<UpdateWebhookInput>('UpdateWebhookInput').implement({
    description: 'Which webhook to change, and the fields to change. What is left out stays.',
    fields: (t) => ({ ...webhookIdInput(t), ...changeInputs(types, t, columns) }) as never,
  });
  builder.mutationField('updateWebhook', (t) =>
    t.field({
      type: webhookPayload(types, 'updateWebhook', 'The webhook as it is now.'),
      description:
        'Changes a webhook. What is still to be sent goes to the new `url`; when it is disabled, that is cancelled. ' +
        'NOT_FOUND when there is no such webhook.',
      args: { input: t.arg({ type: input, required: true, description: 'The change.' }) },
      resolve: (_root, args, context) => updateWebhook(context, args.input),
    }),
  );
}

async function updateWebhook(
  context: Context,
  { webhookId, ...fields }: UpdateWebhookInput,
): Promise<Entity> {
  const { stateChecks, clock } = context.services;
  const changes = toPrismaValues(webhooks, stateChecks.toChanges(webhooks, fields));
  checkWebhook(changes, context.services.config.webhookAllowedAddresses);
  return inWebhooks(context, async (prisma) => {
    const present = await requireWebhook(prisma, context, webhookId);
    const wanted: StoredWebhook = { ...present, ...changes };
    if (isDeepStrictEqual(wanted, present)) return present;
    // Enabled again, it gets nothing of what was left from before.
    if (!wanted.enabled || !present.enabled) await cancelDeliveries(prisma, context, webhookId);
    return prisma.webhook.update({
      where: webhookKey(context, webhookId),
      data: toPrismaData(webhooks, { ...changes, updatedAt: new Date(clock.now()) }),
    });
  });
}
