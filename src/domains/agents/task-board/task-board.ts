import { tasks } from '../../../declarations/agents/tasks.ts';
import { readFilter } from '../../../filter/read-filter.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, entityType } from '../../../graphql/entities/entity.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import { type Select, selectEntities } from '../../../graphql/entities/selected.ts';
import { costsFirst } from '../../../graphql/limits/field-cost.ts';
import { filterInput } from '../../../graphql/lists/filter.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { checkPageSize, MAX_PAGE_SIZE } from '../../../lists/page.ts';
import { type BoardColumn, findTasksOfColumns, MAX_TASKS, readBoard, type TaskBoard } from './read-board.ts';
import { createBoardWatch } from './watch-board.ts';

const DEFAULT_TASKS = 50;

/** Adds `taskBoard` and `taskBoardChanged`. */
export function addTaskBoard(types: TypeRegistry): void {
  const type = boardType(types);
  const watchBoard = createBoardWatch();
  types.builder.queryField('taskBoard', (t) =>
    t.field({
      authScopes: { read: true },
      type,
      description: 'The current tasks by status. A task whose last event deleted it is not on the board.',
      args: {
        filter: t.arg({
          type: filterInput(types, tasks),
          description: 'Only tasks that match this filter. Default: all.',
        }),
      },
      resolve: (_root, { filter }, context) => readBoard(context, readFilter(tasks, filter)),
    }),
  );
  types.builder.subscriptionField('taskBoardChanged', (t) =>
    t.field({
      authScopes: { read: true },
      type,
      description:
        'Delivers the current board at once, then the board after each change, at most once a ' +
        'second. Changes that other instances of the server record appear within five seconds.',
      subscribe: (_root, _args, context) => watchBoard(context),
      resolve: (board: TaskBoard) => board,
    }),
  );
}

function boardType(types: TypeRegistry): ObjectType<TaskBoard> {
  const { builder } = types;
  const counts = builder.objectRef<BoardColumn>('TaskStatusCount').implement({
    description: 'Number of tasks with one status.',
    fields: (t) => ({
      status: t.exposeString('status', { nullable: true, description: STATUS }),
      count: t.expose('count', { type: 'SafeInt', description: 'Number of tasks with this status.' }),
    }),
  });
  const column = columnType(types);
  return builder.objectRef<TaskBoard>('TaskBoard').implement({
    description: 'The tasks of the project by status.',
    fields: (t) => ({
      counts: t.field({
        type: [counts],
        description: 'Number of tasks per status, most first; at most 1,000 statuses.',
        resolve: ({ columns }) => columns,
      }),
      columns: t.field({
        type: [column],
        description: 'The statuses with their tasks.',
        resolve: ({ columns }) => columns,
      }),
      total: t.expose('total', { type: 'SafeInt', description: 'Tasks on the board.' }),
      updatedAt: t.expose('updatedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'The time of the last event of a task on the board; null if the board is empty.',
      }),
    }),
  });
}

const STATUS = 'The status; null for tasks without one.';

function columnType(types: TypeRegistry): ObjectType<BoardColumn> {
  const load = createFieldBatches<string | null, Entity[]>();
  return types.builder.objectRef<BoardColumn>('TaskBoardColumn').implement({
    description: 'One status of the board and its tasks.',
    fields: (t) => ({
      status: t.exposeString('status', { nullable: true, description: STATUS }),
      count: t.expose('count', { type: 'SafeInt', description: 'Number of tasks with this status.' }),
      tasks: t.field({
        type: [entityType(types, tasks)],
        extensions: costsFirst(DEFAULT_TASKS),
        description: 'The tasks, last changed first. The query `tasks` pages through all of them.',
        args: {
          first: t.arg.int({
            defaultValue: DEFAULT_TASKS,
            description:
              `Maximum number of tasks per status, 1 to ${MAX_PAGE_SIZE}; at most ${MAX_TASKS} for ` +
              'all statuses together.',
          }),
        },
        resolve: async ({ status, board }, args, context, info) => {
          const first = checkPageSize(args.first, 'first') ?? DEFAULT_TASKS;
          const select = selectEntities(context, info, tasks);
          return (await load(info, status, () => loadColumns(context, board, { first, select }))) ?? [];
        },
      }),
    }),
  });
}

async function loadColumns(
  context: Context,
  board: BoardColumn['board'],
  { first, select }: { readonly first: number; readonly select: Select },
): Promise<ReadonlyMap<string | null, Entity[]>> {
  const found = await findTasksOfColumns(context, board, first);
  const ids = found.map(({ id }) => id);
  const entities = await loadEntities(context, { table: tasks, ids, select });
  const columns = new Map<string | null, Entity[]>();
  for (const { id, status } of found) {
    const entity = entities.get(id);
    if (entity === undefined) continue;
    const column = columns.get(status);
    if (column === undefined) columns.set(status, [entity]);
    else column.push(entity);
  }
  return columns;
}
