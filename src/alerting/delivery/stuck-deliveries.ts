import { sql } from 'kysely';
import { DAY_MS, HOUR_MS } from '../../core/time/units.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { Store } from '../../storage/store.ts';
import { earliestDelivery, type QuietHours } from '../book/quiet-hours.ts';
import { CLAIMS_KEY, unclaimed } from './claims.ts';
import type { Addressed } from './limits.ts';
import { LONGEST_WAIT_MS } from './next-attempt.ts';
import { readNotice } from './read-notice.ts';

type Queries = Pick<Store, 'query' | 'functions' | 'transact'>;

/**
 * No delivery waits longer. After the longest wait for a retry, quiet hours may begin, and they end
 * within a day, which has 25 hours when the clocks are set back. A group waits for at most an hour.
 */
const LONGEST_AHEAD_MS = LONGEST_WAIT_MS + DAY_MS + HOUR_MS;

/** The most deliveries that one transaction reschedules: it reads their payloads. */
const BATCH_SIZE = 100;

/**
 * The webhooks with deliveries that wait too long, or that wait although the webhook is disabled or
 * deleted.
 */
function stuckQuery({ query, functions: { instant } }: Queries, latest: Date) {
  const waiting = query
    .selectFrom('alert_deliveries')
    .where('status', '=', 'SCHEDULED')
    .groupBy(['project_id', 'webhook_id'])
    .select(({ fn }) => ['project_id', 'webhook_id', fn.max('scheduled_at').as('latest')]);
  return query
    .selectFrom(waiting.as('waiting'))
    .where(({ or, eb, not, exists, selectFrom }) => {
      const enabled = selectFrom('webhooks as webhook')
        .whereRef('webhook.project_id', '=', 'waiting.project_id')
        .whereRef('webhook.webhook_id', '=', 'waiting.webhook_id')
        .where(sql<boolean>`webhook.enabled`)
        .select('webhook.id');
      return or([eb('waiting.latest', '>', instant(latest.getTime())), not(exists(enabled))]);
    })
    .select(['project_id as projectId', 'webhook_id as webhookId'])
    .$castTo<Addressed>();
}

/**
 * Cancels deliveries that wait for disabled or deleted webhooks, and reschedules those that wait
 * too long.
 *
 * Usually, disabling or deleting a webhook cancels its deliveries. Only those remain that were
 * stored at the same moment, or begun by an instance that died.
 *
 * A delivery that waits longer than any rule allows was stored by an instance whose clock was
 * ahead. It would hold back all later deliveries of its alert until that time. It is rescheduled
 * here, once: if claims treated such times as due, they could not use the index on the times.
 */
export async function releaseStuck(store: Queries, now: Date): Promise<void> {
  const latest = new Date(now.getTime() + LONGEST_AHEAD_MS);
  for (const { projectId, webhookId } of await stuckQuery(store, latest).execute()) {
    await store.transact(CLAIMS_KEY, async (transaction) => {
      const webhook = await transaction.webhook.findFirst({ where: { projectId, webhookId, enabled: true } });
      const waiting = { projectId, webhookId, status: 'SCHEDULED', ...unclaimed(now) };
      if (webhook !== null) {
        await scheduleAgain(transaction, webhook, {
          where: { ...waiting, scheduledAt: { gt: latest } },
          now,
        });
        return;
      }
      await transaction.alertDelivery.updateMany({
        where: waiting,
        data: { status: 'CANCELLED', claimedUntil: null, updatedAt: now },
      });
    });
  }
}

interface Waiting {
  readonly where: { readonly projectId: string; readonly scheduledAt: { readonly gt: Date } };
  readonly now: Date;
}

/** Makes deliveries due: now, or when the quiet hours end. The next call handles the rest. */
async function scheduleAgain(
  transaction: PrismaTransaction,
  hours: QuietHours,
  { where, now }: Waiting,
): Promise<void> {
  const some = { take: BATCH_SIZE, select: { id: true, event: true, payload: true } };
  const deliveries = await transaction.alertDelivery.findMany({ where, orderBy: { id: 'asc' }, ...some });
  for (const { id, event, payload } of deliveries) {
    const { severity } = readNotice(payload).data;
    const scheduledAt = earliestDelivery(hours, { severity, event }, now);
    await transaction.alertDelivery.updateMany({
      where: { ...where, id },
      data: { scheduledAt, updatedAt: now },
    });
  }
}
