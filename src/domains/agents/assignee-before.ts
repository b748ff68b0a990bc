import { type RawBuilder, sql } from 'kysely';
import { taskEvents } from '../../declarations/agents/task-events.ts';
import type { Context } from '../../graphql/context.ts';

/**
 * The assignee of the task of row `event` of `task_events` before that event. An event names an
 * assignee only if it changes. Null if no event had named one, empty if the task was unassigned.
 * One lookup per event in the index on the task, by the same time as in `statusChanges`.
 */
export function assigneeBefore(functions: Context['services']['store']['functions']): RawBuilder<unknown> {
  const at = (alias: string) =>
    functions.earlier(sql.ref(`${alias}.timestamp`), sql.ref(`${alias}.received_at`));
  return sql`(select earlier.assigned_to from ${sql.table(taskEvents.table)} as earlier
    where earlier.project_id = event.project_id and earlier.task_id = event.task_id and earlier.assigned_to is not null
      and (${at('earlier')}, earlier.id) < (${at('event')}, event.id)
    order by ${at('earlier')} desc, earlier.id desc limit 1)`;
}
