import { taskEvents } from '../declarations/agents/task-events.ts';
import { boardDifference } from './board-difference.ts';
import type { RecordFile } from './follow-file.ts';
import { readKnownTasks } from './known-tasks.ts';
import { type CoordinationServices, recordAll } from './recorder.ts';
import { readTaskBoard } from './task-board.ts';

/** Records the differences between the board and the stored tasks. */
export function createBoardRecorder(services: CoordinationServices): RecordFile {
  const { projectId, store, clock } = services;
  return async ({ text, changedAt }, settled) => {
    const reading = readTaskBoard(text);
    // A board that cannot be parsed may be only half written.
    if ('problem' in reading) return settled ? { problem: reading.problem } : 'UNSETTLED';
    const ids = reading.tasks.map(({ taskId }) => taskId);
    const known = await readKnownTasks(store, projectId, ids);
    const events = boardDifference(known, reading.tasks, { projectId, changedAt, now: clock.now() });
    return { problem: await recordAll(services, taskEvents, events) };
  };
}
