import { type ExpressionBuilder, sql } from 'kysely';
import type { Store } from '../../storage/store.ts';
import { EVENT_ORDER } from '../book/event-order.ts';
import { claimEnds } from './claims.ts';
import type { Addressed } from './limits.ts';

type Queries = Pick<Store, 'query' | 'functions'>;

/** A webhook that has a due delivery. */
export interface DueWebhook extends Addressed {
  /** ISO-8601 duration; null if each delivery is its own message. */
  readonly groupWait: string | null;
}

/**
 * The enabled webhooks with due, unclaimed deliveries, except the excluded ones; the longest due
 * come first. One index lookup per webhook finds this, however many deliveries wait. There is no
 * limit, because it could cut off the webhooks of the project whose turn is next.
 *
 * @param now epoch milliseconds
 */
export function dueWebhooksQuery(store: Queries, leftOut: readonly Addressed[], now: number) {
  const dueSince = store.query
    .selectFrom('alert_deliveries as delivery')
    .whereRef('delivery.project_id', '=', 'webhook.project_id')
    .whereRef('delivery.webhook_id', '=', 'webhook.webhook_id')
    .where((builder) => mayBegin(builder, store, { alias: 'delivery', now, until: now }))
    .where((builder) => isNext(builder, store, null))
    .orderBy('delivery.scheduled_at')
    .limit(1)
    .select('delivery.scheduled_at');
  const webhooks = store.query
    .selectFrom('webhooks as webhook')
    .where(sql<boolean>`webhook.enabled`)
    .where(({ and, not, eb }) =>
      and(
        leftOut.map(({ projectId, webhookId }) =>
          not(and([eb('webhook.project_id', '=', projectId), eb('webhook.webhook_id', '=', webhookId)])),
        ),
      ),
    )
    .select([
      'webhook.project_id as projectId',
      'webhook.webhook_id as webhookId',
      'webhook.group_wait as groupWait',
      dueSince.as('dueSince'),
    ]);
  return store.query
    .selectFrom(webhooks.as('webhook'))
    .where('dueSince', 'is not', null)
    .orderBy('dueSince')
    .select(['projectId', 'webhookId', 'groupWait'])
    .$castTo<DueWebhook>();
}

/** The times that determine which deliveries may begin. */
export interface Times {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Deliveries that wait for a group may begin early if they are scheduled up to this time. */
  readonly until: number;
}

/**
 * The ids of the deliveries to a webhook that may begin, longest due first, so that the limit cuts
 * off deliveries that only wait for a group before those that are due. Earlier events of an alert
 * come first, so the limit cannot cut off RAISED and keep RESOLVED.
 */
export function dueDeliveriesQuery(
  store: Queries,
  { projectId, webhookId }: Addressed,
  { limit, ...times }: Times & { readonly limit: number },
) {
  const shared = times.until > times.now;
  const due = store.query
    .selectFrom('alert_deliveries as delivery')
    .where('delivery.project_id', '=', projectId)
    .where('delivery.webhook_id', '=', webhookId)
    .where((builder) => mayBegin(builder, store, { alias: 'delivery', ...times }))
    .where((builder) => isNext(builder, store, shared ? times : null));
  const inTime = due.orderBy('delivery.scheduled_at');
  return (shared ? inTime.orderBy(rankOf('delivery')).orderBy('delivery.message_id') : inTime)
    .orderBy('delivery.id')
    .limit(limit)
    .select('delivery.id as id')
    .$castTo<{ readonly id: string }>();
}

/** Tables are known only at run time. */
// biome-ignore lint/suspicious/noExplicitAny: see `QueryBuilder` of the store
type Builder = ExpressionBuilder<any, any>;

type Alias = 'delivery' | 'earlier';

/** The delivery is due, or may begin early, and no instance holds it. */
function mayBegin(
  { eb, and, or }: Builder,
  { functions: { instant } }: Queries,
  { alias, now, until }: Times & { readonly alias: Alias },
) {
  const claims = claimEnds(now);
  const [scheduledAt, claimedUntil] = [`${alias}.scheduled_at`, `${alias}.claimed_until`];
  const isDue = eb(scheduledAt, '<=', instant(now));
  const mayShare = and([eb(`${alias}.attempt`, '=', 1), eb(`${alias}.event`, '!=', 'TEST')]);
  return and([
    eb(`${alias}.status`, '=', 'SCHEDULED'),
    ...(until > now ? [eb(scheduledAt, '<=', instant(until)), or([isDue, mayShare])] : [isDue]),
    or([
      eb(claimedUntil, 'is', null),
      eb(claimedUntil, '<', instant(claims.from)),
      eb(claimedUntil, '>', instant(claims.to)),
    ]),
  ]);
}

/**
 * No earlier delivery of the same alert and webhook is still scheduled. With `beside`, earlier ones
 * do not count if they may begin at those times and are not scheduled later: they are sent in the
 * same message.
 *
 * The form makes PostgreSQL use the index on alert, webhook and status even without statistics.
 * Without them, all indexes that begin with two equal columns cost the same, and it chose an older
 * one: for each due delivery, it read everything ever sent to the webhook. Now the status is a
 * range, so only the right index returns the rows in the order of the subquery. The subquery is
 * scalar, because PostgreSQL ignores the order within `exists`.
 */
function isNext({ selectFrom, eb }: Builder, store: Queries, beside: Times | null) {
  const earlier = selectFrom('alert_deliveries as earlier')
    .whereRef('earlier.project_id', '=', 'delivery.project_id')
    .whereRef('earlier.alert_id', '=', 'delivery.alert_id')
    .whereRef('earlier.webhook_id', '=', 'delivery.webhook_id')
    .where(({ between }) => between('earlier.status', 'SCHEDULED', 'SCHEDULED'))
    .where(
      sql<boolean>`(${rankOf('earlier')}, earlier.message_id) < (${rankOf('delivery')}, delivery.message_id)`,
    )
    .orderBy('earlier.status')
    .limit(1)
    .select('earlier.id');
  const first =
    beside === null
      ? earlier
      : earlier.where((builder) =>
          builder.or([
            builder.not(mayBegin(builder, store, { alias: 'earlier', ...beside })),
            builder('earlier.scheduled_at', '>', builder.ref('delivery.scheduled_at')),
          ]),
        );
  return eb(first, 'is', null);
}

/** The position of an event in `EVENT_ORDER`. */
function rankOf(alias: Alias) {
  const cases = EVENT_ORDER.map((event, position) => sql`when ${sql.lit(event)} then ${sql.lit(position)}`);
  return sql<number>`case ${sql.ref(`${alias}.event`)} ${sql.join(cases, sql` `)} end`;
}
