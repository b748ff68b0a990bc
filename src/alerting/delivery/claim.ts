import { batchesOf } from '../../core/batches.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { StoredDelivery } from '../book/alert.ts';
import { unclaimed } from './claims.ts';
import type { DueWebhook } from './due-webhooks.ts';
import { type Batch, groupDeliveries, groupWaitMs } from './group-deliveries.ts';
import { type Addressed, choose, type Limits } from './limits.ts';
import type { Endpoint } from './message.ts';

/**
 * The deliveries of one call, claimed by this instance until `claimedUntil`, and their receiver.
 */
export interface Claimed {
  readonly deliveries: readonly [StoredDelivery, ...StoredDelivery[]];
  readonly endpoint: Endpoint;
}

/** A webhook, with the ids of the deliveries that may begin. */
export interface Candidates extends DueWebhook {
  readonly ids: readonly string[];
}

export interface Claim {
  readonly candidates: readonly Candidates[];
  readonly underWay: readonly Addressed[];
  readonly limits: Limits;
  readonly now: Date;
  /** How long they are taken, in milliseconds. */
  readonly lengthMs: number;
}

/** The most deliveries per statement. */
const BATCH_SIZE = 500;

/**
 * Claims the candidates that may still begin, rotating between projects (`choose`). Must be called
 * under `CLAIMS_KEY`, so that no webhook changes until the commit.
 */
export async function claimDeliveries(
  transaction: PrismaTransaction,
  claim: Claim,
): Promise<readonly Claimed[]> {
  const { candidates, underWay, limits, now, lengthMs } = claim;
  const webhooks = await transaction.webhook.findMany({
    where: {
      enabled: true,
      // If the `groupWait` of a webhook has changed since, the next poll handles it.
      OR: candidates.map(({ projectId, webhookId, groupWait }) => ({ projectId, webhookId, groupWait })),
    },
  });
  const due: Batch[] = [];
  for (const one of candidates) {
    if (webhooks.some(isSame(one))) due.push(...(await batchesTo(transaction, one, now)));
  }
  const chosen = choose(due.toSorted(byTime), underWay, limits);
  const taken = await take(transaction, chosen, { now, lengthMs });
  return chosen.flatMap((batch) => {
    const [first, ...others] = batch.deliveries.flatMap(({ id }) => taken.get(id) ?? []);
    const endpoint = webhooks.find(isSame(batch));
    return endpoint === undefined || first === undefined
      ? []
      : [{ deliveries: [first, ...others], endpoint }];
  });
}

const isSame =
  ({ projectId, webhookId }: Addressed) =>
  (other: Addressed): boolean =>
    projectId === other.projectId && webhookId === other.webhookId;

async function batchesTo(
  transaction: PrismaTransaction,
  { projectId, groupWait, ids }: Candidates,
  now: Date,
): Promise<readonly Batch[]> {
  const due = await transaction.alertDelivery.findMany({
    where: { projectId, id: { in: [...ids] }, status: 'SCHEDULED', ...unclaimed(now) },
    orderBy: [{ scheduledAt: 'asc' }, { id: 'asc' }],
    select: {
      projectId: true,
      id: true,
      webhookId: true,
      alertId: true,
      messageId: true,
      event: true,
      scheduledAt: true,
      createdAt: true,
    },
  });
  const waitMs = groupWaitMs(groupWait);
  const lost = waitMs === 0 ? [] : ids.filter((id) => due.every((one) => one.id !== id));
  const busy = await alertsOf(transaction, projectId, lost);
  return groupDeliveries(
    due.filter(({ alertId }) => !busy.has(alertId)),
    waitMs,
    now.getTime(),
  );
}

/**
 * The alerts of deliveries that another instance has claimed since they were read. In a group,
 * later deliveries of these alerts were to be sent together with them. Now they wait for the next
 * poll.
 */
async function alertsOf(
  transaction: PrismaTransaction,
  projectId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await transaction.alertDelivery.findMany({
    where: { projectId, id: { in: [...ids] } },
    select: { alertId: true },
  });
  return new Set(rows.map(({ alertId }) => alertId));
}

/** Claims deliveries; returns the claimed ones by id. */
async function take(
  transaction: PrismaTransaction,
  chosen: readonly Batch[],
  { now, lengthMs }: Pick<Claim, 'now' | 'lengthMs'>,
): Promise<ReadonlyMap<string, StoredDelivery>> {
  const keys = chosen.flatMap(({ deliveries }) => deliveries);
  const taken: StoredDelivery[] = [];
  for (const some of batchesOf(keys, BATCH_SIZE)) {
    const projects = [...new Set(some.map(({ projectId }) => projectId))];
    const deliveries = await transaction.alertDelivery.updateManyAndReturn({
      // Repeats the conditions, because outcomes are recorded under other keys: for example by an
      // instance whose claim has ended.
      where: {
        projectId: { in: projects },
        id: { in: some.map(({ id }) => id) },
        status: 'SCHEDULED',
        ...unclaimed(now),
      },
      data: { claimedUntil: new Date(now.getTime() + lengthMs) },
    });
    taken.push(...deliveries);
  }
  return new Map(taken.map((delivery) => [delivery.id, delivery]));
}

function byTime(one: Batch, other: Batch): number {
  const apart = one.dueSince - other.dueSince;
  return apart === 0 ? (idOf(one) < idOf(other) ? -1 : 1) : apart;
}

const idOf = ({ deliveries }: Batch): string => deliveries[0]?.id ?? '';
