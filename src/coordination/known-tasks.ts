import { sql } from 'kysely';
import { batchesOf } from '../core/batches.ts';
import { derivedId } from '../core/ids.ts';
import { isObject } from '../core/is-object.ts';
import { taskEvents } from '../declarations/agents/task-events.ts';
import { tasks } from '../declarations/agents/tasks.ts';
import type { Store } from '../storage/store.ts';
import type { KnownTask } from './board-difference.ts';
import { COORDINATION_SERVICE } from './coordination.ts';

interface Row {
  readonly task_id: string;
  readonly title: string | null;
  readonly status: string | null;
  readonly assigned_to: string | null;
  readonly last_event_type: string | null;
  /** Databases return instants as Date or as milliseconds, and JSON as text or parsed. */
  readonly updated_at: Date | number;
  readonly board_attributes: unknown;
}

const COLUMNS = ['task_id', 'title', 'status', 'assigned_to', 'last_event_type', 'updated_at'] as const;

/** Both databases allow this many parameters in one statement, with room to spare. */
const IDS_PER_STATEMENT = 5_000;

/**
 * The stored tasks that the board may change: those with these ids, and those that the board had
 * before and that are not deleted.
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
  add(
    await store.query
      .selectFrom(brought.as('task'))
      .select([...COLUMNS, 'board_attributes'])
      .where('board_attributes', 'is not', null)
      .execute(),
  );
  return [...known.values()];
}

/** Tasks with the attributes of their newest event from the board: an index seek per task. */
function selectTasks({ query }: Pick<Store, 'query'>, projectId: string) {
  const boardAttributes = query
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
    .select([...COLUMNS, boardAttributes.as('board_attributes')]);
}

function toKnownTask(row: Row): KnownTask {
  const attributes = toObject(row.board_attributes);
  return {
    taskId: row.task_id,
    title: row.title,
    status: row.status,
    assignedTo: row.assigned_to,
    deleted: row.last_event_type === 'DELETED',
    updatedAt: Number(row.updated_at),
    fields: attributes === null ? null : toObject(attributes['fields']),
  };
}

/** Null if the JSON is not an object. */
function toObject(value: unknown): Readonly<Record<string, unknown>> | null {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  return isObject(parsed) ? parsed : null;
}
