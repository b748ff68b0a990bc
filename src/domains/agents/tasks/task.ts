import { taskEvents } from '../../../declarations/agents/task-events.ts';
import { tasks } from '../../../declarations/agents/tasks.ts';
import { addStateField } from '../../../graphql/entities/entity.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { needs } from '../../../graphql/entities/selected.ts';
import { addRelationToMany } from '../../../graphql/relations/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/relations/relation-to-one.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { readTimesInStatus, type TaskTimeInStatus } from './time-in-status.ts';

/**
 * Adds the relation from events to their task, and the past of a task: `history` and
 * `timeInStatus`.
 */
export function addTask(types: TypeRegistry): void {
  addRelationToMany(types, {
    from: tasks,
    to: taskEvents,
    key: 'taskId',
    name: 'history',
    description: 'What happened to the task. Newest first, unless `orderBy` says otherwise.',
  });
  addTimeInStatus(types);
  addRelationToOne(types, {
    from: taskEvents,
    to: tasks,
    key: 'taskId',
    description: 'The task as it is now.',
  });
}

function addTimeInStatus(types: TypeRegistry): void {
  const load = createFieldBatches<string, TaskTimeInStatus[]>();
  const type = timeInStatusType(types);
  addStateField(types, tasks, 'timeInStatus', (t) =>
    t.field({
      ...needs(tasks, ['taskId']),
      type: [type],
      description:
        'How long the task has been in each of its statuses, in the order in which they were last ' +
        'entered. Time off the board, after a deletion, is not counted.',
      resolve: async ({ taskId }, _args, context, info) =>
        (await load(info, taskId, (ids) => readTimesInStatus(context, ids))) ?? [],
    }),
  );
}

function timeInStatusType({ builder }: TypeRegistry) {
  return builder.objectRef<TaskTimeInStatus>('TaskTimeInStatus').implement({
    description: 'How long one task has been in a status.',
    fields: (t) => ({
      status: t.exposeString('status', { description: 'The status.' }),
      milliseconds: t.expose('milliseconds', {
        type: 'SafeInt',
        description: 'The total of all stays in the status, including the current one up to now.',
      }),
      stays: t.expose('stays', {
        type: 'SafeInt',
        description: 'Number of times that the task entered the status.',
      }),
      since: t.expose('since', { type: 'DateTime', description: 'When the task last entered the status.' }),
    }),
  });
}
