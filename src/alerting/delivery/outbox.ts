import type { Clock } from '../../core/clock.ts';
import type { IdSource } from '../../core/ids.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { Store } from '../../storage/store.ts';
import type { StoredDelivery } from '../book/alert.ts';
import { timeToTell } from '../book/quiet-hours.ts';
import { nowAndThen } from '../lease/now-and-then.ts';
import type { AlertNotice } from './channels/channel.ts';
import { type Claimed, claimDeliveries } from './claim.ts';
import { CLAIMS_KEY } from './claims.ts';
import { dueWebhooksQuery } from './due-webhooks.ts';
import { type Addressed, fullWebhooks, type Limits } from './limits.ts';
import { cancelLost } from './lost-deliveries.ts';
import { nextAttempt } from './next-attempt.ts';
import type { Outcome } from './outcome.ts';

/** The deliveries that are still to be made, shared by all instances. */
export interface Outbox {
  /**
   * Takes those that are due and may begin beside those that this instance makes, for a minute.
   * Cancels now and then those whose webhook is disabled or gone.
   */
  claim(underWay: readonly Addressed[]): Promise<Claimed[]>;
  /** Stores what came of an attempt, with the attempt that follows. */
  record(delivery: StoredDelivery, outcome: Outcome): Promise<void>;
  /** Gives a delivery back that was not made. */
  release(delivery: StoredDelivery): Promise<void>;
}

export interface OutboxOptions {
  readonly store: Pick<Store, 'transact' | 'prisma' | 'query' | 'functions'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly limits: Limits;
  /** 0 to 1. */
  readonly random: () => number;
}

/** So often it is looked for deliveries whose webhook is disabled or gone. */
const CANCEL_EVERY_MS = 60_000;

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, clock, limits } = options;
  const isTimeToCancel = nowAndThen(clock, CANCEL_EVERY_MS);

  return {
    async claim(underWay) {
      const now = new Date(clock.now());
      if (isTimeToCancel()) await cancelLost(store, now);
      const places = limits.total - underWay.length;
      if (places <= 0) return [];
      // Mostly nothing is due: that much is seen without a transaction, for which writers would
      // wait.
      const full = fullWebhooks(underWay, limits);
      const webhooks = await dueWebhooksQuery(store, full, now.getTime(), places).execute();
      if (webhooks.length === 0) return [];
      return store.transact(CLAIMS_KEY, (transaction) =>
        claimDeliveries(transaction, { webhooks, underWay, limits, now }),
      );
    },
    async record(delivery, outcome) {
      await store.transact(`alert-delivery:${delivery.id}`, (transaction) =>
        recordOutcome(transaction, options, delivery, outcome),
      );
    },
    async release(delivery) {
      await store.prisma.alertDelivery.updateMany({
        where: whileOurs(delivery),
        data: { claimedUntil: null },
      });
    },
  };
}

/** The delivery, unless its lease has ended and another instance has taken it. */
function whileOurs({ projectId, id, claimedUntil }: StoredDelivery) {
  return { projectId, id, status: 'SCHEDULED', claimedUntil };
}

async function recordOutcome(
  transaction: PrismaTransaction,
  { clock, ids, random }: OutboxOptions,
  delivery: StoredDelivery,
  outcome: Outcome,
): Promise<void> {
  const now = new Date(clock.now());
  const { startedAt, durationMs, statusCode, error, responseBody } = outcome;
  const status = error === null ? 'DELIVERED' : 'FAILED';
  const came = { status, startedAt: new Date(startedAt), durationMs, statusCode, error, responseBody };
  const { count } = await transaction.alertDelivery.updateMany({
    where: whileOurs(delivery),
    data: { ...came, claimedUntil: null, updatedAt: now },
  });
  const next = nextAttempt(delivery.attempt, outcome, now.getTime(), random());
  if (count === 0 || next === null) return;
  const { projectId, webhookId } = delivery;
  const webhook = await transaction.webhook.findFirst({ where: { projectId, webhookId, enabled: true } });
  if (webhook === null) return;
  const { alertId, messageId, event, attempt, payload } = delivery;
  const { severity } = (payload as unknown as AlertNotice).data;
  const scheduledAt = timeToTell(webhook, { severity, event }, new Date(next));
  const same = { projectId, webhookId, alertId, messageId, event, payload: payload as object };
  const scheduled = { status: 'SCHEDULED', scheduledAt, createdAt: now, updatedAt: now };
  await transaction.alertDelivery.create({
    data: { ...same, ...scheduled, id: ids.next(), attempt: attempt + 1 },
  });
}
