import { channelOf } from '../../../alerting/delivery/channels/channels.ts';
import { checkTarget } from '../../../alerting/delivery/check-target.ts';
import { checkAudience, checkGroupWait, checkQuietHours } from '../../../alerting/delivery/check-webhook.ts';
import { TelltaleError } from '../../../core/errors.ts';
import { webhooks } from '../../../declarations/alerts/webhooks.ts';
import type { Context } from '../../../graphql/context.ts';
import { toState } from '../../../graphql/entities/entity.ts';
import { columnInputs, inputColumns } from '../../../graphql/events/event-input.ts';
import { presentState, toPrismaData } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { secretPayload, type WithSecret } from './payload.ts';
import { secretInput } from './secret.ts';
import { cancelDeliveries, findWebhook, inWebhooks } from './stored-webhook.ts';

interface CreateWebhookInput extends Readonly<Record<string, unknown>> {
  readonly secret?: string | null;
}

/** Adds `createWebhook`. */
export function addCreateWebhook(types: TypeRegistry): void {
  const { builder } = types;
  const columns = inputColumns(webhooks).filter(({ name }) => name !== webhooks.timeColumn);
  const input = builder.inputRef<CreateWebhookInput>('CreateWebhookInput').implement({
    description: 'A new webhook.',
    fields: (t) => ({ ...columnInputs(types, t, columns), ...secretInput(t) }),
  });
  builder.mutationField('createWebhook', (t) =>
    t.field({
      authScopes: { admin: true },
      type: secretPayload(types, 'createWebhook', 'The new webhook.'),
      description:
        'Adds a webhook. From now on, it is notified of changes to alerts. CONFLICT if a webhook ' +
        'with this `webhookId` exists: `extensions.current` holds its current state.',
      args: { input: t.arg({ type: input, required: true, description: 'The webhook.' }) },
      resolve: (_root, args, context) => createWebhook(context, args.input),
    }),
  );
}

async function createWebhook(
  context: Context,
  { secret: given = null, ...fields }: CreateWebhookInput,
): Promise<WithSecret> {
  const row = context.services.stateChecks.toRow(webhooks, context.projectId, fields);
  const wanted = toState(webhooks, row);
  const target = { kind: wanted.kind, url: wanted.url };
  checkTarget(target, context.services.config);
  checkAudience(wanted);
  checkQuietHours(wanted);
  checkGroupWait({ kind: target.kind, groupWait: wanted.groupWait });
  const { credentials } = channelOf(target.kind);
  const { url, secret } = credentials.keep({ url: target.url, secret: given }, null);
  const webhook = { ...wanted, url, secret };
  const webhookId = String(fields['webhookId']);
  return inWebhooks(context, async (prisma) => {
    const present = await findWebhook(prisma, context, webhookId);
    if (present !== null) {
      throw new TelltaleError('CONFLICT', `The webhook "${webhookId}" already exists: update it instead.`, {
        argument: 'input.webhookId',
        current: presentState(webhooks, present),
      });
    }
    // A deleted webhook may have had this id. The new webhook must not get its deliveries.
    await cancelDeliveries(prisma, context, webhookId);
    return {
      webhook: await prisma.webhook.create({ data: toPrismaData(webhooks, webhook) }),
      secret,
    };
  });
}
