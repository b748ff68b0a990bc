import { derivedId } from '../core/ids.ts';
import { jsonDifference } from '../core/json-difference.ts';
import { taskEvents } from '../declarations/agents/task-events.ts';
import { BOARD_FILE, COORDINATION_SERVICE } from './coordination.ts';
import { eventTypeOf, type TaskEventType } from './status-kind.ts';
import type { BoardTask } from './task-board.ts';

/** A task as the database has it. */
export interface KnownTask {
  readonly taskId: string;
  readonly title: string | null;
  readonly status: string | null;
  /** Null or empty: nobody. */
  readonly assignedTo: string | null;
  readonly deleted: boolean;
  /** When something last happened to it, in epoch milliseconds. */
  readonly updatedAt: number;
  /**
   * Its other fields as the board last had them; null: it is not known to have been on the board.
   */
  readonly fields: Readonly<Record<string, unknown>> | null;
}

/** Which content of the board is compared, and for whom. */
export interface BoardFacts {
  readonly projectId: string;
  /** When the content came to be, in epoch milliseconds. */
  readonly changedAt: number;
  /** The present in epoch milliseconds. */
  readonly now: number;
}

/** A task event as a client would send it. */
export interface TaskEventInput {
  readonly id: string;
  readonly timestamp: string;
  readonly service: string;
  readonly taskId: string;
  readonly eventType: TaskEventType;
  readonly title?: string;
  readonly previousStatus?: string;
  readonly newStatus?: string;
  readonly assignedTo?: string;
  readonly changedBy?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

type Change = Omit<TaskEventInput, 'id' | 'timestamp' | 'service' | 'attributes'>;

/**
 * What happened to the tasks between what is known and what the board says, one event per task at
 * most. The weightiest change names it, and the others ride along: DELETED, for a task that the
 * board had and no longer has; CREATED; what a change of the status means (see `eventTypeOf`);
 * ASSIGNED; UPDATED, also when the board first has a task that others have recorded. `details`
 * holds the other fields that changed, null for those that are gone.
 *
 * A task to which something happened after the board was written is left alone: the board is out of
 * date there. The ids follow from what was known and what the board says, so that whoever compares
 * the same again gives the same events.
 */
export function boardDifference(
  known: readonly KnownTask[],
  found: readonly BoardTask[],
  facts: BoardFacts,
): TaskEventInput[] {
  const knownById = new Map(known.map((task) => [task.taskId, task]));
  const foundIds = new Set(found.map(({ taskId }) => taskId));
  const events: TaskEventInput[] = [];
  for (const task of found) {
    const before = knownById.get(task.taskId);
    const change = isNewer(before, facts) ? null : changeOf(before, task);
    if (change !== null) events.push(toEvent(change, before, task.fields, facts));
  }
  for (const task of known) {
    if (task.deleted || task.fields === null || foundIds.has(task.taskId) || isNewer(task, facts)) continue;
    events.push(toEvent(deletionOf(task), task, null, facts));
  }
  return events;
}

function isNewer(known: KnownTask | undefined, { changedAt }: BoardFacts): boolean {
  return known !== undefined && known.updatedAt > changedAt;
}

function changeOf(before: KnownTask | undefined, task: BoardTask): Change | null {
  const { taskId, title, status, assignedTo, changedBy } = task;
  const isNew = before === undefined || before.deleted;
  const by = changedBy === undefined ? {} : { changedBy };
  const details = changedFields(isNew ? {} : (before.fields ?? {}), task.fields);
  const common = { taskId, ...by, ...(details !== null && { details }) };
  if (isNew) {
    return {
      ...common,
      eventType: 'CREATED',
      ...(title !== undefined && { title }),
      ...(status !== undefined && { newStatus: status }),
      // A deleted task may have been somebody's.
      ...((assignedTo || before?.assignedTo) && { assignedTo: assignedTo ?? '' }),
    };
  }
  const retitled = title !== undefined && title !== before.title;
  const moved = status !== undefined && status !== before.status;
  const assigned = assignedTo !== undefined && assignedTo !== (before.assignedTo ?? '');
  if (!retitled && !moved && !assigned && details === null && before.fields !== null) return null;
  return {
    ...common,
    eventType: moved
      ? eventTypeOf(before.status, status)
      : assigned && assignedTo !== ''
        ? 'ASSIGNED'
        : 'UPDATED',
    ...(retitled && { title }),
    ...(moved && { newStatus: status }),
    ...(moved && before.status !== null && { previousStatus: before.status }),
    ...(assigned && { assignedTo }),
  };
}

function deletionOf({ taskId, status }: KnownTask): Change {
  return { taskId, eventType: 'DELETED', ...(status !== null && { previousStatus: status }) };
}

/** The fields that differ, as they are now; null: none does. */
function changedFields(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): Record<string, unknown> | null {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (name) => jsonDifference(before[name] ?? null, now[name] ?? null).differences.length > 0,
  );
  return names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, now[name] ?? null]));
}

/** Later than all that is known of the task, or it would change nothing. */
function toEvent(
  change: Change,
  before: KnownTask | undefined,
  fields: Readonly<Record<string, unknown>> | null,
  { projectId, changedAt, now }: BoardFacts,
): TaskEventInput {
  const timestamp = Math.max(Math.min(changedAt, now), (before?.updatedAt ?? 0) + 1);
  const content = JSON.stringify([BOARD_FILE, before?.updatedAt ?? null, change, fields]);
  return {
    ...change,
    id: derivedId(projectId, taskEvents.name, content),
    timestamp: new Date(timestamp).toISOString(),
    service: COORDINATION_SERVICE,
    attributes: { file: BOARD_FILE, ...(fields !== null && { fields }) },
  };
}
