import { derivedId } from '../core/ids.ts';
import { jsonDifference } from '../core/json-difference.ts';
import { taskEvents } from '../declarations/agents/task-events.ts';
import { BOARD_FILE, COORDINATION_SERVICE } from './coordination.ts';
import { eventTypeOf, type TaskEventType } from './status-kind.ts';
import type { BoardTask } from './task-board.ts';

/** A task as stored in the database. */
export interface KnownTask {
  readonly taskId: string;
  readonly title: string | null;
  readonly status: string | null;
  /** Null or empty: unassigned. */
  readonly assignedTo: string | null;
  readonly deleted: boolean;
  /** The time of its last event, in epoch milliseconds. */
  readonly updatedAt: number;
  /**
   * Its other fields as last seen on the board; null if it is not known to have been on the board.
   */
  readonly fields: Readonly<Record<string, unknown>> | null;
}

/** Facts about the content of the board that is compared. */
export interface BoardFacts {
  readonly projectId: string;
  /** When the content changed, in epoch milliseconds. */
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
 * The events that lead from the known tasks to those on the board, at most one per task. Its type
 * is that of the first change in this order: DELETED, for a task that was on the board and no
 * longer is; CREATED; the meaning of a changed status (see `eventTypeOf`); ASSIGNED; UPDATED, also
 * if a task that others have recorded appears on the board for the first time. The event includes
 * all other changes. `details` holds the other fields that changed, with null for those that no
 * longer exist.
 *
 * A task whose last event is later than the board is skipped: the board is out of date there. The
 * ids are derived from the known tasks and the board, so comparing the same again gives the same
 * events.
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
    if (change !== null) events.push(toEvent({ change, before, fields: task.fields }, facts));
  }
  for (const task of known) {
    if (task.deleted || task.fields === null || foundIds.has(task.taskId) || isNewer(task, facts)) continue;
    events.push(toEvent({ change: deletionOf(task), before: task, fields: null }, facts));
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
      // A deleted task may have had an assignee, which must be cleared.
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

/** The fields that differ, with their new values; null if none does. */
function changedFields(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): Record<string, unknown> | null {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (name) => jsonDifference(before[name] ?? null, now[name] ?? null).differences.length > 0,
  );
  return names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, now[name] ?? null]));
}

interface TaskChange {
  readonly change: Change;
  readonly before: KnownTask | undefined;
  /** The fields of the task; null if it was deleted. */
  readonly fields: Readonly<Record<string, unknown>> | null;
}

/** The event is later than all known events of the task, or it would change nothing. */
function toEvent(
  { change, before, fields }: TaskChange,
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
