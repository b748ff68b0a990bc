import { sql } from 'kysely';
import { taskEvents } from '../../../declarations/agents/task-events.ts';
import type { Context } from '../../../graphql/context.ts';
import { SETS_STATUS, statusChanges } from '../task-status-times/status-changes.ts';

/** How long one task has been in a status, over all its stays. */
export interface TaskTimeInStatus {
  readonly status: string;
  /** Includes the current stay up to now. */
  readonly milliseconds: number;
  readonly stays: number;
  /** When the last stay began, as the database returns instants. */
  readonly since: Date | number;
}

/**
 * The times in status of several tasks, by task id, sorted by when each status was last entered.
 * One statement for all.
 */
export async function readTimesInStatus(
  { services, projectId }: Context,
  taskIds: readonly string[],
): Promise<ReadonlyMap<string, TaskTimeInStatus[]>> {
  const { query, functions } = services.store;
  const events = query
    .selectFrom(taskEvents.table)
    .where('project_id', '=', projectId)
    .where('task_id', 'in', taskIds)
    .where(SETS_STATUS);
  const end = sql`coalesce(ended, ${functions.instant(services.clock.now())})`;
  const spent = functions.millisecondsBetween(sql.ref('timestamp'), end);
  const rows = await query
    .selectFrom(statusChanges(services.store, events).as('changes'))
    .where('status', 'is not', null)
    .groupBy(['task_id', 'status'])
    .select([
      'task_id',
      'status',
      // If a current stay begins in the future by the client's clock, it has not lasted yet.
      functions.sum(sql`case when ${spent} > 0 then ${spent} else 0 end`).as('milliseconds'),
      sql`count(*)`.as('stays'),
      sql<Date | number>`max(timestamp)`.as('since'),
    ])
    .orderBy('since')
    .execute();
  const times = new Map<string, TaskTimeInStatus[]>();
  for (const { task_id, status, milliseconds, stays, since } of rows) {
    const time = { status, milliseconds: Math.round(milliseconds), stays: Number(stays), since };
    times.set(task_id, [...(times.get(task_id) ?? []), time]);
  }
  return times;
}
