import { sql } from 'kysely';
import { batchesOf } from '../core/batches.ts';
import { derivedId } from '../core/ids.ts';
import { taskEvents } from '../declarations/agents/task-events.ts';
import { tasks } from '../declarations/agents/tasks.ts';
import type { Store } from '../storage/store.ts';
import type { KnownTask } from './board-difference.ts';
import { COORDINATION_SERVICE } from './coordination.ts';

type Row = Readonly<Record<string, unknown>>;

/** Both databases take so many parameters in one statement, with room to spare. */
const IDS_PER_STATEMENT = 5_000;

/**
 * What the database knows of a project's tasks, as far as the board may change it: the tasks of
 * these ids, and all that the board has brought and that are not deleted.
 */
export async function readKnownTasks(
  store: Pick<Store, 'query'>,
  projectId: string,
  taskIds: readonly string[],
): Promise<KnownTask[]> {
  const known = new Map<string, KnownTask>();
  const add = (rows: readonly Row[]) => {
    for (const task of rows.map(toKnownTask)) known.set(task.taskId, task);
  };
  for (const batch of batchesOf(taskIds, IDS_PER_STATEMENT)) {
    const ids = batch.map((taskId) => derivedId(projectId, tasks.name, taskId));
    add(await selectTasks(store, projectId).where('id', 'in', ids).execute());
  }
  const brought = selectTasks(store, projectId).where('last_event_type', '!=', 'DELETED');
  add(await store.query.selectFrom(brought.as('task')).selectAll().where('said', 'is not', null).execute());
  return [...known.values()];
}

/** With what the newest event from the board said of each: a seek in the index on the task. */
function selectTasks({ query }: Pick<Store, 'query'>, projectId: string) {
  const said = query
    .selectFrom(`${taskEvents.table} as event`)
    .select('event.attributes')
    .where('event.project_id', '=', projectId)
    .whereRef('event.task_id', '=', 'tasks.task_id')
    .where('event.service', '=', COORDINATION_SERVICE)
    .where(sql<boolean>`event.attributes is not null`)
    .orderBy('event.timestamp', 'desc')
    .orderBy('event.id', 'desc')
    .limit(1);
  return query
    .selectFrom(tasks.table)
    .where('project_id', '=', projectId)
    .select(['task_id', 'title', 'status', 'assigned_to', 'last_event_type', 'updated_at', said.as('said')]);
}

function toKnownTask(row: Row): KnownTask {
  const said = toObject(row['said']);
  return {
    taskId: row['task_id'] as string,
    title: row['title'] as string | null,
    status: row['status'] as string | null,
    assignedTo: row['assigned_to'] as string | null,
    deleted: row['last_event_type'] === 'DELETED',
    updatedAt: Number(row['updated_at']),
    fields: said === null ? null : toObject(said['fields']),
  };
}

/** Databases give JSON as text or parsed. */
function toObject(value: unknown): Readonly<Record<string, unknown>> | null {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    ? (parsed as Record<string, unknown>)
    : null;
}
