import { sql } from 'kysely';
import { both } from '../../../core/build-filter.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import type { Filter } from '../../../core/filter.ts';
import { tasks } from '../../../declarations/agents/tasks.ts';
import type { Context } from '../../../graphql/context.ts';
import { type ListScope, selectScope } from '../../../lists/list-page.ts';

/** One status, and how many tasks have it. */
export interface BoardColumn {
  /** Null if no event of the tasks has set one. */
  readonly status: string | null;
  readonly count: number;
  /** The board that contains this column. */
  readonly board: { readonly scope: ListScope; readonly counts: readonly number[] };
}

export interface TaskBoard {
  /** Most tasks first, ties sorted by status; at most 1,000. */
  readonly columns: readonly BoardColumn[];
  readonly total: number;
  /**
   * When a task on the board last changed, as the database returns instants; null if the board is
   * empty.
   */
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
 * The current board of the caller's project, by one statement: the tasks that match the filter and
 * are not deleted.
 */
export async function readBoard({ services, projectId }: Context, filter: Filter | null): Promise<TaskBoard> {
  const { store } = services;
  const scope: ListScope = { table: tasks, projectId, filter: both(ON_BOARD, filter) };
  const rows = await selectScope(store, scope)
    .groupBy('status')
    .select([
      'status',
      sql<number>`count(*)`.as('count'),
      // Over all statuses, including those beyond the limit.
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

/** Maximum number of tasks in one selection of a board's columns. */
export const MAX_TASKS = 5_000;

/** @throws InvalidArgument if the first `first` tasks of all columns are too many together. */
function checkTogether({ counts }: BoardColumn['board'], first: number): void {
  const together = counts.reduce((sum, count) => sum + Math.min(count, first), 0);
  if (together <= MAX_TASKS) return;
  throw new InvalidArgument(
    `\`first: ${first}\` of ${counts.length} statuses are ${together} tasks; at most ${MAX_TASKS}. Ask for fewer, or filter the board.`,
    'first',
  );
}

/**
 * The ids of the first tasks of each column, last changed first: one statement for all columns of a
 * board.
 *
 * @throws InvalidArgument if there are too many.
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
  return rows;
}
