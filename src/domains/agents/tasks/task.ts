import type { Filter } from '../../../core/filter.ts';
import { derivedId } from '../../../core/ids.ts';
import { taskEvents } from '../../../declarations/agents/task-events.ts';
import { tasks } from '../../../declarations/agents/tasks.ts';
import { type Entity, entityType, needsColumns, selectColumns } from '../../../graphql/entities/entity.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import { connectionType } from '../../../graphql/lists/connection.ts';
import { listArguments, resolveConnection } from '../../../graphql/lists/list.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { readTimesInStatus, type TaskTimeInStatus } from './time-in-status.ts';

/** Adds `task(taskId)`, and what a task knows of its past: `history` and `timeInStatus`. */
export function addTask(types: TypeRegistry): void {
  addTaskQuery(types);
  addHistory(types);
  addTimeInStatus(types);
  addTaskOfEvent(types);
}

function addTaskQuery(types: TypeRegistry): void {
  types.builder.queryField('task', (t) =>
    t.field({
      type: entityType(types, tasks),
      nullable: true,
      description: 'A task as its events have left it, deleted ones too; null when no event names it.',
      args: { taskId: t.arg.string({ required: true, description: 'Which task, for example "TASK-42".' }) },
      resolve: async (_root, { taskId }, context, info) => {
        const id = derivedId(context.projectId, tasks.name, taskId);
        const select = selectColumns(info, tasks, selectionOf(info));
        return (await loadEntities(tasks, context, [id], select)).get(id) ?? null;
      },
    }),
  );
}

function addHistory(types: TypeRegistry): void {
  types.builder.objectField(entityType(types, tasks), 'history', (t) =>
    t.field({
      type: connectionType(types, taskEvents),
      description: 'What happened to the task. The newest first, unless `orderBy` says otherwise.',
      args: listArguments(types, taskEvents, t.arg),
      extensions: needsColumns('taskId'),
      resolve: ({ taskId }, args, context, info) =>
        resolveConnection(taskEvents, args, context, info, ofTask(taskId as string)),
    }),
  );
}

function ofTask(taskId: string): Filter {
  return { kind: 'test', field: 'taskId', operator: 'eq', value: taskId, negated: false };
}

function addTimeInStatus(types: TypeRegistry): void {
  const load = createFieldBatches<string, TaskTimeInStatus[]>();
  const type = timeInStatusType(types);
  types.builder.objectField(entityType(types, tasks), 'timeInStatus', (t) =>
    t.field({
      type: [type],
      description:
        'How long it has been in each status that it had, the one that it entered last at the end. Time off the board, after a ' +
        'deletion, belongs to none.',
      extensions: needsColumns('taskId'),
      resolve: async ({ taskId }, _args, context, info) =>
        (await load(context, info, taskId as string, (ids) => readTimesInStatus(context, ids))) ?? [],
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
        description: 'All its stays there together, the present one up to now.',
      }),
      stays: t.expose('stays', { type: 'SafeInt', description: 'How often it entered the status.' }),
      since: t.expose('since', { type: 'DateTime', description: 'When it last entered the status.' }),
    }),
  });
}

/** `taskEvent { task }` */
function addTaskOfEvent(types: TypeRegistry): void {
  const load = createFieldBatches<string, Entity>();
  types.builder.objectField(entityType(types, taskEvents), 'task', (t) =>
    t.field({
      type: entityType(types, tasks),
      nullable: true,
      description: 'The task as it is now.',
      extensions: needsColumns('taskId'),
      resolve: async ({ taskId }, _args, context, info) => {
        const id = derivedId(context.projectId, tasks.name, taskId as string);
        const found = await load(context, info, id, (ids) =>
          loadEntities(tasks, context, ids, selectColumns(info, tasks, selectionOf(info))),
        );
        return found ?? null;
      },
    }),
  );
}
