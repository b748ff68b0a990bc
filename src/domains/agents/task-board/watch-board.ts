import type { Context } from '../../../graphql/context.ts';
import { createProjectWatch } from '../../../graphql/watch-project.ts';
import { taskEvents } from '../task-events/definition.ts';
import { readBoard, type TaskBoard } from './read-board.ts';

/** Watches the boards of projects: the present one at once, then the board after each change. */
export function createBoardWatch(): (context: Context) => AsyncIterableIterator<TaskBoard> {
  return createProjectWatch<TaskBoard>({
    name: 'taskBoard',
    dataset: taskEvents,
    read: (context) => readBoard(context, null),
    fingerprint: ({ columns, updatedAt }) =>
      JSON.stringify([columns.map(({ status, count }) => [status, count]), updatedAt]),
  });
}
