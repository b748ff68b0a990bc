import type { PrismaTransaction } from '../../storage/prisma.ts';
import { type Addressed, choose, fullWebhooks, type Limits } from './limits.ts';
import type { Claimed } from './outbox.ts';

/** So many are looked at together. */
const PAGE = 100;

export interface Claim {
  readonly underWay: readonly Addressed[];
  readonly limits: Limits;
  readonly now: Date;
  /** Until when nobody else may make them. */
  readonly until: Date;
}

/** What is due and nobody makes; but what goes to the webhooks that are left out. */
export function dueBeside(leftOut: readonly Addressed[], now: Date) {
  return {
    status: 'SCHEDULED',
    scheduledAt: { lte: now },
    OR: [{ claimedUntil: null }, { claimedUntil: { lt: now } }],
    AND: leftOut.map((webhook) => ({ NOT: webhook })),
  };
}

/**
 * Takes what is due and may begin, the longest due first. However much waits for a webhook that takes no more, that of others is found
 * behind it. Claims are made one after another.
 */
export async function claimDeliveries(transaction: PrismaTransaction, claim: Claim): Promise<Claimed[]> {
  const { limits, now } = claim;
  const claimed: Claimed[] = [];
  for (;;) {
    const underWay = [...claim.underWay, ...claimed.map(({ delivery }) => delivery)];
    if (underWay.length >= limits.total) return claimed;
    const due = await transaction.alertDelivery.findMany({
      where: dueBeside(fullWebhooks(underWay, limits), now),
      orderBy: [{ scheduledAt: 'asc' }, { id: 'asc' }],
      take: PAGE,
      select: { projectId: true, id: true, webhookId: true },
    });
    if (due.length === 0) return claimed;
    claimed.push(...(await take(transaction, { ...claim, underWay }, due)));
  }
}

type Due = Addressed & { readonly id: string };

/** Cancels those whose webhook is disabled or gone, and takes of the others those that may begin. */
async function take(
  transaction: PrismaTransaction,
  { underWay, limits, now, until }: Claim,
  due: readonly Due[],
): Promise<Claimed[]> {
  const webhooks = await enabledWebhooks(transaction, due);
  const webhookOf = ({ projectId, webhookId }: Addressed) =>
    webhooks.find((webhook) => webhook.projectId === projectId && webhook.webhookId === webhookId);
  const lost = due.filter((delivery) => webhookOf(delivery) === undefined);
  if (lost.length > 0) {
    await transaction.alertDelivery.updateMany({
      where: { OR: keysOf(lost) },
      data: { status: 'CANCELLED', claimedUntil: null, updatedAt: now },
    });
  }
  const chosen = choose(
    due.filter((delivery) => webhookOf(delivery) !== undefined),
    underWay,
    limits,
  );
  if (chosen.length === 0) return [];
  const deliveries = await transaction.alertDelivery.updateManyAndReturn({
    where: { OR: keysOf(chosen) },
    data: { claimedUntil: until },
  });
  return deliveries.flatMap((delivery) => {
    const webhook = webhookOf(delivery);
    return webhook === undefined ? [] : [{ delivery, url: webhook.url, secret: webhook.secret }];
  });
}

function enabledWebhooks(transaction: PrismaTransaction, due: readonly Addressed[]) {
  const asked = new Map(
    due.map(({ projectId, webhookId }) => [
      JSON.stringify([projectId, webhookId]),
      { projectId, webhookId, enabled: true },
    ]),
  );
  return transaction.webhook.findMany({ where: { OR: [...asked.values()] } });
}

const keysOf = (due: readonly Due[]) => due.map(({ projectId, id }) => ({ projectId, id }));
