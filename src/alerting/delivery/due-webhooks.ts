import { sql } from 'kysely';
import type { Store } from '../../storage/store.ts';
import { claimEnds } from './claims.ts';
import type { Addressed } from './limits.ts';

/**
 * The enabled webhooks to which something is due that nobody makes, but those that are left out;
 * those to which it is due the longest come first. Each is asked by one step into an index, however
 * much waits for it or for others.
 *
 * @param now epoch milliseconds
 * @param limit how many at most
 */
export function dueWebhooksQuery(
  { query, functions: { instant } }: Pick<Store, 'query' | 'functions'>,
  leftOut: readonly Addressed[],
  now: number,
  limit: number,
) {
  const { from, to } = claimEnds(now);
  const dueSince = query
    .selectFrom('alert_deliveries as delivery')
    .where('delivery.status', '=', 'SCHEDULED')
    .whereRef('delivery.project_id', '=', 'webhook.project_id')
    .whereRef('delivery.webhook_id', '=', 'webhook.webhook_id')
    .where('delivery.scheduled_at', '<=', instant(now))
    .where(({ or, eb }) =>
      or([
        eb('delivery.claimed_until', 'is', null),
        eb('delivery.claimed_until', '<', instant(from)),
        eb('delivery.claimed_until', '>', instant(to)),
      ]),
    )
    .orderBy('delivery.scheduled_at')
    .limit(1)
    .select('delivery.scheduled_at');
  const webhooks = query
    .selectFrom('webhooks as webhook')
    .where(sql<boolean>`webhook.enabled`)
    .where(({ and, not, eb }) =>
      and(
        leftOut.map(({ projectId, webhookId }) =>
          not(and([eb('webhook.project_id', '=', projectId), eb('webhook.webhook_id', '=', webhookId)])),
        ),
      ),
    )
    .select(['webhook.project_id as projectId', 'webhook.webhook_id as webhookId', dueSince.as('dueSince')]);
  return query
    .selectFrom(webhooks.as('webhook'))
    .where('dueSince', 'is not', null)
    .orderBy('dueSince')
    .limit(limit)
    .select(['projectId', 'webhookId'])
    .$castTo<Addressed>();
}
