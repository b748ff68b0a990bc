import { sql } from 'kysely';
import type { Context } from '../../../graphql/context.ts';

type Store = Context['services']['store'];
/** A select over tables that are only known at run time. */
type Select = Parameters<Store['functions']['joinEach']>[0];

/**
 * Events that say in which status their task is since: those that set one, and the deletion, which
 * ends every status.
 */
export const SETS_STATUS = sql<boolean>`(new_status is not null or event_type = 'DELETED')`;

const OF_THE_TASK = sql`partition by task_id order by timestamp, id`;

/**
 * The changes of status of tasks, one row each: `id` and `timestamp` of the event, the `status`
 * since (null: off the board), the `previous` one (null: none), when that was `entered`, and when
 * the new one `ended` (null: it lasts). Events that set the status that the task has already change
 * nothing.
 *
 * Events go by what the server knows: none is later than its receipt, whatever the clock of its
 * client says.
 *
 * @param events `task_events` for which `SETS_STATUS` holds: from the beginning of each of their
 *   tasks on
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
