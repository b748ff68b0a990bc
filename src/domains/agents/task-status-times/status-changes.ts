import { sql } from 'kysely';
import type { Context } from '../../../graphql/context.ts';

type Store = Context['services']['store'];
/** A select over tables that are only known at run time. */
type Select = Parameters<Store['functions']['joinEach']>[0];

/**
 * Events that determine the status of their task: those that set one, and the deletion, which ends
 * every status.
 */
export const SETS_STATUS = sql<boolean>`(new_status is not null or event_type = 'DELETED')`;

const OF_THE_TASK = sql`partition by task_id order by timestamp, id`;

/**
 * The status changes of tasks, one row each: `id` and `timestamp` of the event, the new `status`
 * (null: deleted), the `previous` one (null: none), when the previous one was `entered`, and when
 * the new one `ended` (null: it lasts). Events that set the current status again are not changes.
 *
 * The timestamp of an event is never later than its receipt, whatever the client's clock says.
 *
 * @param events `task_events` that match `SETS_STATUS`, from the beginning of each task
 */
export function statusChanges({ query, functions }: Pick<Store, 'query' | 'functions'>, events: Select) {
  const marks = events.select([
    'task_id',
    'id',
    functions.earlier(sql.ref('timestamp'), sql.ref('received_at')).as('timestamp'),
    sql`case when event_type = 'DELETED' then null else new_status end`.as('status'),
  ]);
  const compared = query
    .selectFrom(marks.as('marks'))
    .select(['task_id', 'id', 'timestamp', 'status', sql`lag(status) over (${OF_THE_TASK})`.as('previous')]);
  return query
    .selectFrom(compared.as('compared'))
    .where(sql<boolean>`status is distinct from previous`)
    .select([
      'task_id',
      'id',
      'timestamp',
      'status',
      'previous',
      sql`lag(timestamp) over (${OF_THE_TASK})`.as('entered'),
      sql`lead(timestamp) over (${OF_THE_TASK})`.as('ended'),
    ]);
}
