import { isDeepStrictEqual } from 'node:util';
import { channelOf } from '../../../alerting/delivery/channels/channels.ts';
import type { Kept } from '../../../alerting/delivery/channels/credentials.ts';
import { checkTarget, type TargetRules } from '../../../alerting/delivery/check-target.ts';
import { checkAudience, checkGroupWait, checkQuietHours } from '../../../alerting/delivery/check-webhook.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import { webhooks } from '../../../declarations/alerts/webhooks.ts';
import type { Context } from '../../../graphql/context.ts';
import { changeInputs, inputColumns } from '../../../graphql/events/event-input.ts';
import { type PrismaValues, toPrismaData, toPrismaValues } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { changedPayload, type WithNewSecret } from './payload.ts';
import { secretInput } from './secret.ts';
import {
  cancelDeliveries,
  inWebhooks,
  NO_PREVIOUS_SECRET,
  requireWebhook,
  type StoredWebhook,
  webhookIdInput,
  webhookKey,
} from './stored-webhook.ts';

interface UpdateWebhookInput extends Readonly<Record<string, unknown>> {
  readonly webhookId: string;
  readonly secret?: string | null;
}

/** The columns that never change. */
const FIXED: readonly string[] = ['webhookId', webhooks.timeColumn];

/** Adds `updateWebhook`. */
export function addUpdateWebhook(types: TypeRegistry): void {
  const { builder } = types;
  const columns = inputColumns(webhooks).filter(({ name }) => !FIXED.includes(name));
  const input = builder.inputRef<UpdateWebhookInput>('UpdateWebhookInput').implement({
    description: 'The webhook to change, and the fields to change. Omitted fields keep their values.',
    fields: (t) => ({ ...webhookIdInput(t), ...changeInputs(types, t, columns), ...secretInput(t) }),
  });
  builder.mutationField('updateWebhook', (t) =>
    t.field({
      authScopes: { admin: true },
      type: changedPayload(types, 'updateWebhook', 'The webhook as it is now.'),
      description:
        'Changes a webhook. Scheduled deliveries go to the new `url`; disabling the webhook ' +
        'cancels them. Another `kind` requires another `url`; a webhook that becomes a WEBHOOK ' +
        'without a given `secret` gets a new one, which the payload shows. For PAGERDUTY, another ' +
        '`url` requires the `secret` again, because the secret is sent there. With the same `url`, ' +
        '`rotateWebhookSecret` changes the secret. NOT_FOUND if there is no such webhook.',
      args: { input: t.arg({ type: input, required: true, description: 'The change.' }) },
      resolve: (_root, args, context) => updateWebhook(context, args.input),
    }),
  );
}

async function updateWebhook(
  context: Context,
  { webhookId, secret = null, ...fields }: UpdateWebhookInput,
): Promise<WithNewSecret> {
  const { stateChecks, clock, config } = context.services;
  const changes = toPrismaValues(webhooks, stateChecks.toChanges(webhooks, fields));
  checkAudience(changes);
  return inWebhooks(context, async (prisma) => {
    const present = await requireWebhook(prisma, context, webhookId);
    const kept = keepCredentials({ present, changes, secret }, config);
    const wanted: StoredWebhook = { ...present, ...changes, ...kept };
    checkQuietHours(wanted);
    checkGroupWait(wanted);
    if (isDeepStrictEqual(wanted, present)) return { webhook: present, secret: null };
    // A webhook that is enabled again gets no deliveries from before.
    if (!wanted.enabled || !present.enabled) await cancelDeliveries(prisma, context, webhookId);
    const webhook = await prisma.webhook.update({
      where: webhookKey(context, webhookId),
      data: toPrismaData(webhooks, { ...changes, ...kept, updatedAt: new Date(clock.now()) }),
    });
    return { webhook, secret: isMade(present, wanted, { url: fields['url'], secret }) ? kept.secret : null };
  });
}

/** Whether the server created a new secret, which only the payload can show. */
function isMade(
  present: StoredWebhook,
  wanted: StoredWebhook,
  given: { readonly url: unknown; readonly secret: string | null },
): boolean {
  const { secret } = wanted;
  return secret !== '' && secret !== present.secret && secret !== given.secret && secret !== given.url;
}

interface Change {
  readonly present: StoredWebhook;
  readonly changes: PrismaValues;
  readonly secret: string | null;
}

/**
 * The URL and the secret to store. A client may send back the URL as it was shown, which changes
 * nothing.
 */
function keepCredentials(
  { present, changes, secret }: Change,
  config: TargetRules,
): Kept & Partial<typeof NO_PREVIOUS_SECRET> {
  const kind = String(changes['kind'] ?? present.kind);
  const url = String(changes['url'] ?? present.url);
  if (kind === present.kind && url === present.url) {
    if (secret === null) return { url, secret: present.secret };
    throw new InvalidArgument('secret is changed by rotateWebhookSecret.', 'input.secret');
  }
  if (changes['url'] === undefined) {
    throw new InvalidArgument('url must be given with another kind.', 'input.url');
  }
  checkTarget({ kind, url }, config);
  const kept = channelOf(kind).credentials.keep({ url, secret }, kind === present.kind ? present : null);
  // A previous secret is valid only beside the secret that followed it.
  return kept.secret === present.secret ? kept : { ...kept, ...NO_PREVIOUS_SECRET };
}
