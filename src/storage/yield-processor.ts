import { constants, getPriority, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** The kind of work of a thread that lowers its priority below the event loop and the writer. */
export type SteppingBack = 'QUESTIONS' | 'BACKGROUND';

/**
 * How much nicer than the process: with 5, a thread gets a third of the time of an ordinary one,
 * with 10 a ninth.
 */
const STEPS: Readonly<Record<SteppingBack, number>> = { QUESTIONS: 5, BACKGROUND: 10 };

/**
 * Lets the event loop and the writer go first when more threads want to run than there are
 * processors. It affects only the calling thread: a library that works on its own threads, as
 * DuckDB does, continues as before. The thread cannot raise its priority again, because the system
 * forbids that without privileges.
 *
 * Only Linux has priorities per thread. Elsewhere the whole process would be affected, so nothing
 * is done there, nor on the main thread.
 */
export function yieldProcessor(worksFor: SteppingBack): void {
  if (process.platform !== 'linux' || isMainThread) return;
  try {
    // The id of a process is that of its main thread.
    const niceness = Math.min(getPriority(process.pid) + STEPS[worksFor], constants.priority.PRIORITY_LOW);
    if (getPriority() < niceness) setPriority(niceness);
  } catch (error) {
    // A sandbox may forbid it. The thread works all the same.
    process.emitWarning(`A thread could not lower its priority: ${String(error)}`);
  }
}
