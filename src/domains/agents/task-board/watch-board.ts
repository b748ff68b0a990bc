import { taskEvents } from '../../../declarations/agents/task-events.ts';
import type { Context } from '../../../graphql/context.ts';
import { createProjectWatch } from '../../../graphql/live/watch-project.ts';
import { readBoard, type TaskBoard } from './read-board.ts';

/**
 * Watches the boards of projects: delivers the current board at once, then the board after each
 * change. Task events count as a change even if they leave all counts unchanged: they may rename a
 * task or assign it to another agent.
 */
export function createBoardWatch(): (context: Context) => AsyncIterableIterator<TaskBoard> {
  return createProjectWatch<TaskBoard>({
    name: 'taskBoard',
    datasets: [taskEvents],
    read: (context) => readBoard(context, null),
    changed: (before, now, hasNewEvents) => hasNewEvents || shown(before) !== shown(now),
  });
}

const shown = ({ columns, updatedAt }: TaskBoard): string =>
  JSON.stringify([columns.map(({ status, count }) => [status, count]), updatedAt]);
