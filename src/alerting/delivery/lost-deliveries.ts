import { sql } from 'kysely';
import type { Store } from '../../storage/store.ts';
import { CLAIMS_KEY, unclaimed } from './claims.ts';
import type { Addressed } from './limits.ts';

/** For which webhooks deliveries wait that are not there or are disabled. */
function lostQuery(query: Store['query']) {
  const waiting = query
    .selectFrom('alert_deliveries')
    .where('status', '=', 'SCHEDULED')
    .groupBy(['project_id', 'webhook_id'])
    .select(['project_id', 'webhook_id']);
  return query
    .selectFrom(waiting.as('waiting'))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('webhooks as webhook')
            .whereRef('webhook.project_id', '=', 'waiting.project_id')
            .whereRef('webhook.webhook_id', '=', 'waiting.webhook_id')
            .where(sql<boolean>`webhook.enabled`)
            .select('webhook.id'),
        ),
      ),
    )
    .select(['project_id as projectId', 'webhook_id as webhookId'])
    .$castTo<Addressed>();
}

/**
 * Cancels what waits for webhooks that are disabled or gone. Mostly that is done by whoever
 * disables or deletes one; left is what was stored at the same moment, and what an instance had
 * begun that died.
 */
export async function cancelLost({ query, transact }: Pick<Store, 'query' | 'transact'>, now: Date) {
  for (const { projectId, webhookId } of await lostQuery(query).execute()) {
    await transact(CLAIMS_KEY, async (transaction) => {
      const webhook = { projectId, webhookId };
      if ((await transaction.webhook.count({ where: { ...webhook, enabled: true } })) > 0) return;
      await transaction.alertDelivery.updateMany({
        where: { ...webhook, status: 'SCHEDULED', ...unclaimed(now) },
        data: { status: 'CANCELLED', claimedUntil: null, updatedAt: now },
      });
    });
  }
}
