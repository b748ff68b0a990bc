import { channelOf } from '../../../alerting/delivery/channels/channels.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import type { Context } from '../../../graphql/context.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { secretPayload, type WithSecret } from './payload.ts';
import { secretInput } from './secret.ts';
import {
  inWebhooks,
  NO_PREVIOUS_SECRET,
  requireWebhook,
  type StoredWebhook,
  webhookIdInput,
  webhookKey,
} from './stored-webhook.ts';

/** Adds `rotateWebhookSecret`. */
export function addRotateWebhookSecret(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('RotateWebhookSecretInput', {
    description: 'The webhook that gets another secret.',
    fields: (t) => ({ ...webhookIdInput(t), ...secretInput(t) }),
  });
  builder.mutationField('rotateWebhookSecret', (t) =>
    t.field({
      authScopes: { admin: true },
      type: secretPayload(types, 'rotateWebhookSecret', 'The webhook.'),
      description:
        'Gives a webhook another secret, which signs everything sent from now on. For one day, the ' +
        'previous secret also signs it, so that the receiver can switch without a gap. The key of ' +
        'a PAGERDUTY webhook changes at once. For SLACK and DISCORD, change the `url` with ' +
        '`updateWebhook` instead. EMAIL has no secret. NOT_FOUND if there is no such webhook.',
      args: { input: t.arg({ type: input, required: true, description: 'The webhook.' }) },
      resolve: (_root, args, context) => rotateSecret(context, args.input),
    }),
  );
}

async function rotateSecret(
  context: Context,
  { webhookId, secret: given }: { readonly webhookId: string; readonly secret?: string | null | undefined },
): Promise<WithSecret> {
  const updatedAt = new Date(context.services.clock.now());
  return inWebhooks(context, async (prisma) => {
    const present = await requireWebhook(prisma, context, webhookId);
    const secret = anotherSecret(present, given ?? null);
    // A repeated request must not replace the previous secret.
    if (secret === present.secret) return { webhook: present, secret };
    const where = webhookKey(context, webhookId);
    const data = { secret, ...overlap(present, updatedAt), updatedAt };
    return { webhook: await prisma.webhook.update({ where, data }), secret };
  });
}

/** The previous secret, and how long it stays valid. */
function overlap({ kind, secret }: StoredWebhook, now: Date) {
  const { overlapMs } = channelOf(kind).credentials;
  if (overlapMs === 0) return NO_PREVIOUS_SECRET;
  return { previousSecret: secret, previousSecretUntil: new Date(now.getTime() + overlapMs) };
}

function anotherSecret({ kind, url }: StoredWebhook, secret: string | null): string {
  const { credentials } = channelOf(kind);
  if (credentials.fixed === null) return credentials.keep({ url, secret }, null).secret;
  throw new InvalidArgument(credentials.fixed, 'input.webhookId');
}
