import type { Clock } from '../../core/clock.ts';
import type { IdSource } from '../../core/ids.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { Store } from '../../storage/store.ts';
import type { StoredDelivery } from '../book/alert.ts';
import { keepOrder } from '../book/keep-order.ts';
import { earliestDelivery } from '../book/quiet-hours.ts';
import { nowAndThen } from '../lease/now-and-then.ts';
import { type Candidates, type Claimed, claimDeliveries } from './claim.ts';
import { CLAIMS_KEY, createTerm } from './claims.ts';
import { type DueWebhook, dueDeliveriesQuery, dueWebhooksQuery } from './due-webhooks.ts';
import { groupWaitMs } from './group-deliveries.ts';
import { type Addressed, choose, fullWebhooks, type Limits } from './limits.ts';
import { nextAttempt } from './next-attempt.ts';
import type { Outcome } from './outcome.ts';
import { readNotice } from './read-notice.ts';
import { releaseStuck } from './stuck-deliveries.ts';

/** The pending deliveries, shared by all instances. */
export interface Outbox {
  /**
   * Claims, for some seconds, due deliveries that may begin beside those in progress on this
   * instance. From time to time, it first cancels deliveries whose webhook is disabled or deleted,
   * and reschedules those that a wrong clock scheduled too far ahead.
   */
  claim(underWay: readonly Addressed[]): Promise<readonly Claimed[]>;
  /**
   * Stores the outcome of an attempt with each delivery of its message, and schedules retries, in
   * one transaction.
   */
  record(deliveries: Claimed['deliveries'], outcome: Outcome): Promise<void>;
  /** Extends the claims by some seconds. Returns the deliveries with their new claims. */
  renew(deliveries: Claimed['deliveries']): Promise<Claimed['deliveries']>;
  /** Releases deliveries that were not sent. */
  release(deliveries: Claimed['deliveries']): Promise<void>;
}

export interface OutboxOptions {
  readonly store: Pick<Store, 'transact' | 'prisma' | 'query' | 'functions'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly limits: Limits;
  /** 0 to 1. */
  readonly random: () => number;
}

/** How often to check for stuck deliveries. */
const RELEASE_EVERY_MS = 60_000;

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, clock, limits } = options;
  const isTimeToRelease = nowAndThen(clock, RELEASE_EVERY_MS);
  const term = createTerm();

  /**
   * Whether a claim lasts until its first renewal. If the commit took too long for that, another
   * instance might make the deliveries as well. Then they are skipped, and claimed again, for
   * longer, after the claim has ended.
   */
  const hasTime = ({ deliveries: [{ claimedUntil }] }: Claimed): boolean =>
    claimedUntil !== null && term.hasTime(claimedUntil.getTime() - clock.now());

  return {
    async claim(underWay) {
      const now = new Date(clock.now());
      if (isTimeToRelease()) await releaseStuck(store, now);
      if (underWay.length >= limits.total) return [];
      // Usually nothing is due. A read outside a transaction shows that, so writers do not have to
      // wait.
      const full = fullWebhooks(underWay, limits);
      const due = await dueWebhooksQuery(store, full, now.getTime()).execute();
      if (due.length === 0) return [];
      const webhooks = choose(due, underWay, limits);
      const candidates = await Promise.all(
        webhooks.map((webhook) => readCandidates(options, webhook, now.getTime())),
      );
      let begun = 0;
      const taken = await store.transact(CLAIMS_KEY, (transaction) => {
        // The claim begins now: this transaction may have waited for others.
        begun = clock.now();
        const lengthMs = term.length();
        return claimDeliveries(transaction, { candidates, underWay, limits, now: new Date(begun), lengthMs });
      });
      term.stored(clock.now() - begun);
      return taken.filter(hasTime);
    },
    async record(deliveries, outcome) {
      await store.transact(`alert-delivery:${deliveries[0].id}`, (transaction) =>
        recordOutcome(transaction, options, { deliveries, outcome }),
      );
    },
    async renew(deliveries) {
      const begun = clock.now();
      const claimedUntil = new Date(begun + term.length());
      const { count } = await store.prisma.alertDelivery.updateMany({
        where: whileOurs(deliveries),
        data: { claimedUntil },
      });
      term.stored(clock.now() - begun);
      // Another instance may have claimed them.
      if (count === 0) return deliveries;
      const [first, ...others] = deliveries;
      return [{ ...first, claimedUntil }, ...others.map((delivery) => ({ ...delivery, claimedUntil }))];
    },
    async release(deliveries) {
      await store.prisma.alertDelivery.updateMany({
        where: whileOurs(deliveries),
        data: { claimedUntil: null },
      });
    },
  };
}

/** The most deliveries in one message. */
const MAX_TOGETHER = 100;

/**
 * Reads which deliveries to a webhook may begin, at most as many as fit. This happens before the
 * transaction, which is safe: a delivery without an earlier one stays so, and the claim checks the
 * rest again.
 */
async function readCandidates(
  { store, limits }: OutboxOptions,
  webhook: DueWebhook,
  now: number,
): Promise<Candidates> {
  const waitMs = groupWaitMs(webhook.groupWait);
  const limit = waitMs === 0 ? limits.perWebhook : MAX_TOGETHER;
  const due = await dueDeliveriesQuery(store, webhook, { now, until: now + waitMs, limit }).execute();
  return { ...webhook, ids: due.map(({ id }) => id) };
}

/** Selects the deliveries of a claim that no other instance has claimed since. */
function whileOurs(deliveries: Claimed['deliveries']) {
  const [{ projectId, claimedUntil }] = deliveries;
  return { projectId, id: { in: deliveries.map(({ id }) => id) }, status: 'SCHEDULED', claimedUntil };
}

async function recordOutcome(
  transaction: PrismaTransaction,
  options: OutboxOptions,
  { deliveries, outcome }: Pick<Claimed, 'deliveries'> & { readonly outcome: Outcome },
): Promise<void> {
  const now = new Date(options.clock.now());
  const { startedAt, durationMs, statusCode, error, responseBody } = outcome;
  const status = error === null ? 'DELIVERED' : 'FAILED';
  const came = { status, startedAt: new Date(startedAt), durationMs, statusCode, error, responseBody };
  const recorded = await transaction.alertDelivery.updateManyAndReturn({
    where: whileOurs(deliveries),
    data: { ...came, claimedUntil: null, updatedAt: now },
  });
  await scheduleRetries(transaction, options, { deliveries: recorded, outcome, now });
}

interface Recorded {
  readonly deliveries: readonly StoredDelivery[];
  readonly outcome: Outcome;
  readonly now: Date;
}

/** Stores the next attempts, unless the webhook is disabled or deleted. */
async function scheduleRetries(
  transaction: PrismaTransaction,
  { ids, random }: OutboxOptions,
  { deliveries, outcome, now }: Recorded,
): Promise<void> {
  // One jitter for all, so that a group stays together.
  const jitter = random();
  const failed = deliveries.flatMap((delivery) => {
    const next = nextAttempt(outcome, { attempt: delivery.attempt, now: now.getTime(), random: jitter });
    return next === null ? [] : [{ delivery, next: new Date(next) }];
  });
  const [first] = deliveries;
  if (first === undefined || failed.length === 0) return;
  const { projectId, webhookId } = first;
  const webhook = await transaction.webhook.findFirst({ where: { projectId, webhookId, enabled: true } });
  if (webhook === null) return;
  const data = failed.map(({ delivery, next }) => {
    const { alertId, messageId, event, attempt, payload } = delivery;
    const { severity } = readNotice(payload).data;
    return {
      ...{ projectId, webhookId, alertId, messageId, event, payload: payload as object },
      ...{ id: ids.next(), attempt: attempt + 1, status: 'SCHEDULED' },
      scheduledAt: earliestDelivery(webhook, { severity, event }, next),
      createdAt: now,
      updatedAt: now,
    };
  });
  await transaction.alertDelivery.createMany({ data });
  await keepOrder(transaction, { projectId, alertIds: data.map(({ alertId }) => alertId), now });
}
