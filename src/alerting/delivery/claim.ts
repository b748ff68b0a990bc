import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { StoredDelivery } from '../book/alert.ts';
import { LEASE_MS, unclaimed } from './claims.ts';
import { type Addressed, choose, type Limits } from './limits.ts';
import type { Endpoint } from './sender.ts';

/** A delivery that nobody else makes until `claimedUntil`, and where to. */
export interface Claimed {
  readonly delivery: StoredDelivery;
  readonly endpoint: Endpoint;
}

export interface Claim {
  /** The webhooks to which something is due. */
  readonly webhooks: readonly Addressed[];
  readonly underWay: readonly Addressed[];
  readonly limits: Limits;
  readonly now: Date;
}

/**
 * Takes what is due to these webhooks and may begin, the longest due first. Of each webhook no more
 * is read than may begin. Under `CLAIMS_KEY` only: no webhook changes until the commit.
 */
export async function claimDeliveries(transaction: PrismaTransaction, claim: Claim): Promise<Claimed[]> {
  const { underWay, limits, now } = claim;
  const webhooks = await transaction.webhook.findMany({
    where: {
      enabled: true,
      OR: claim.webhooks.map(({ projectId, webhookId }) => ({ projectId, webhookId })),
    },
  });
  const due: Due[] = [];
  for (const webhook of webhooks) due.push(...(await longestDue(transaction, webhook, claim)));
  const chosen = choose(due.toSorted(byTime), underWay, limits);
  if (chosen.length === 0) return [];
  const deliveries = await transaction.alertDelivery.updateManyAndReturn({
    // Said again, because outcomes are recorded under other keys: by an instance, for example,
    // whose claim has ended.
    where: { status: 'SCHEDULED', AND: [{ OR: chosen.map(keyOf) }, unclaimed(now)] },
    data: { claimedUntil: new Date(now.getTime() + LEASE_MS) },
  });
  return deliveries.flatMap((delivery) => {
    const endpoint = webhooks.find(
      ({ projectId, webhookId }) => projectId === delivery.projectId && webhookId === delivery.webhookId,
    );
    return endpoint === undefined ? [] : [{ delivery, endpoint }];
  });
}

interface Due extends Addressed {
  readonly id: string;
  readonly scheduledAt: Date;
}

function longestDue(
  transaction: PrismaTransaction,
  { projectId, webhookId }: Addressed,
  { limits, now }: Claim,
): Promise<Due[]> {
  return transaction.alertDelivery.findMany({
    where: { projectId, webhookId, status: 'SCHEDULED', scheduledAt: { lte: now }, ...unclaimed(now) },
    orderBy: [{ scheduledAt: 'asc' }, { id: 'asc' }],
    take: limits.perWebhook,
    select: { projectId: true, id: true, webhookId: true, scheduledAt: true },
  });
}

function byTime(one: Due, other: Due): number {
  const apart = one.scheduledAt.getTime() - other.scheduledAt.getTime();
  return apart === 0 ? (one.id < other.id ? -1 : 1) : apart;
}

const keyOf = ({ projectId, id }: Due) => ({ projectId, id });
