import { sql } from 'kysely';
import { InvalidArgument } from '../../../core/errors.ts';
import type { Filter } from '../../../core/filter.ts';
import { tasks } from '../../../declarations/agents/tasks.ts';
import type { Context } from '../../../graphql/context.ts';
import { type ListScope, selectScope } from '../../../lists/list-page.ts';

/** One status, and how many tasks have it. */
export interface BoardColumn {
  /** Null: no event of the tasks has said. */
  readonly status: string | null;
  readonly count: number;
  /** The board that it is a column of. */
  readonly board: { readonly scope: ListScope; readonly counts: readonly number[] };
}

export interface TaskBoard {
  /** Most tasks first, ties by status; at most 1,000. */
  readonly columns: readonly BoardColumn[];
  readonly total: number;
  /** When a task on it last changed, as the database gives instants; null on an empty board. */
  readonly updatedAt: Date | number | null;
}

const MAX_COLUMNS = 1_000;
const ON_BOARD: Filter = {
  kind: 'test',
  field: 'lastEventType',
  operator: 'eq',
  value: 'DELETED',
  negated: true,
};

/**
 * The board of the caller's project now, in one statement: the tasks that pass the filter and are
 * not deleted.
 */
export async function readBoard({ services, projectId }: Context, filter: Filter | null): Promise<TaskBoard> {
  const { store } = services;
  const onBoard: Filter = filter === null ? ON_BOARD : { kind: 'and', all: [ON_BOARD, filter] };
  const scope: ListScope = { table: tasks, projectId, filter: onBoard };
  const rows = await selectScope(store, scope)
    .groupBy('status')
    .select([
      'status',
      sql<number>`count(*)`.as('count'),
      // Over all statuses, also those beyond the limit.
      sql<number>`sum(count(*)) over ()`.as('total'),
      sql<Date | number>`max(max(updated_at)) over ()`.as('updatedAt'),
    ])
    .orderBy(sql`count(*)`, 'desc')
    .orderBy(sql`status is null`)
    .orderBy(store.functions.codePointOrder(sql.ref('status')))
    .limit(MAX_COLUMNS)
    .execute();
  const board = { scope, counts: rows.map(({ count }) => Number(count)) };
  return {
    columns: rows.map(({ status, count }) => ({ status, count: Number(count), board })),
    total: Number(rows[0]?.['total'] ?? 0),
    updatedAt: rows[0]?.['updatedAt'] ?? null,
  };
}

/** Tasks that one selection of a board's columns may hold. */
export const MAX_TASKS = 5_000;

/** @throws InvalidArgument when so many of each column are too many together. */
function checkTogether({ counts }: BoardColumn['board'], first: number): void {
  const together = counts.reduce((sum, count) => sum + Math.min(count, first), 0);
  if (together <= MAX_TASKS) return;
  throw new InvalidArgument(
    `\`first: ${first}\` of ${counts.length} statuses are ${together} tasks; at most ${MAX_TASKS}. Ask for fewer, or filter the board.`,
    'first',
  );
}

/**
 * The ids of the first tasks of each column, the last changed first: one statement for all columns
 * of a board. @throws InvalidArgument for too many.
 */
export async function findTasksOfColumns(
  { services }: Context,
  board: BoardColumn['board'],
  first: number,
): Promise<readonly { readonly id: string; readonly status: string | null }[]> {
  checkTogether(board, first);
  const position = sql<number>`row_number() over (partition by status order by updated_at desc, id desc)`;
  const numbered = selectScope(services.store, board.scope).select(['id', 'status', position.as('position')]);
  const rows = await services.store.query
    .selectFrom(numbered.as('numbered'))
    .where('position', '<=', first)
    .orderBy('position')
    .select(['id', 'status'])
    .execute();
  return rows as { id: string; status: string | null }[];
}
