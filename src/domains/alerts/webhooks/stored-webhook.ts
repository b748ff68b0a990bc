import { CLAIMS_KEY, unclaimed } from '../../../alerting/delivery/claims.ts';
import { TelltaleError } from '../../../core/errors.ts';
import { derivedId } from '../../../core/ids.ts';
import { webhooks } from '../../../declarations/alerts/webhooks.ts';
import type { InputBuilder } from '../../../graphql/builder.ts';
import type { Context } from '../../../graphql/context.ts';
import type { StateTransaction } from '../../../graphql/states/state-values.ts';

/** A webhook as it is stored. */
export type StoredWebhook = NonNullable<Awaited<ReturnType<typeof findWebhook>>>;

/** The stored values if no previous secret is valid. */
export const NO_PREVIOUS_SECRET = { previousSecret: null, previousSecretUntil: null };

/**
 * Changes webhooks in a transaction: one after another, and never while deliveries are being
 * claimed.
 */
export function inWebhooks<Value>(
  { services }: Context,
  work: (prisma: StateTransaction) => Promise<Value>,
): Promise<Value> {
  return services.store.transact(CLAIMS_KEY, work);
}

/** Identifies a webhook for Prisma. */
export function webhookKey({ projectId }: Context, webhookId: string) {
  return { projectId_id: { projectId, id: derivedId(projectId, webhooks.name, webhookId) } };
}

/** Null if there is none. */
export function findWebhook(prisma: StateTransaction, context: Context, webhookId: string) {
  return prisma.webhook.findUnique({ where: webhookKey(context, webhookId) });
}

/** @throws TelltaleError NOT_FOUND if there is no such webhook. */
export async function requireWebhook(
  prisma: StateTransaction,
  context: Context,
  webhookId: string,
): Promise<StoredWebhook> {
  const webhook = await findWebhook(prisma, context, webhookId);
  if (webhook !== null) return webhook;
  throw new TelltaleError('NOT_FOUND', `There is no webhook "${webhookId}".`, {
    argument: 'input.webhookId',
  });
}

/**
 * Cancels the scheduled deliveries to a webhook. Attempts in progress end, and are not repeated.
 */
export async function cancelDeliveries(
  prisma: StateTransaction,
  { projectId, services }: Context,
  webhookId: string,
): Promise<void> {
  const now = new Date(services.clock.now());
  await prisma.alertDelivery.updateMany({
    where: {
      projectId,
      webhookId,
      status: 'SCHEDULED',
      ...unclaimed(now),
    },
    data: { status: 'CANCELLED', claimedUntil: null, updatedAt: now },
  });
}

/** Identifies the webhook that a mutation is about. */
export function webhookIdInput(t: InputBuilder) {
  return { webhookId: t.string({ required: true, description: 'The webhook, by its id.' }) };
}
