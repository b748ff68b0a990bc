import { constants, getPriority, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** What a thread works for that steps back behind the event loop and the writer. */
export type SteppingBack = 'QUESTIONS' | 'BACKGROUND';

/** How much nicer than the process: 5 leaves a thread a third of what one without it gets, 10 a ninth. */
const STEPS: Readonly<Record<SteppingBack, number>> = { QUESTIONS: 5, BACKGROUND: 10 };

/**
 * Lets the event loop and the writer go first where more threads want to run than there are
 * processors. It holds for the calling thread alone: a library that works on threads of its own, as
 * DuckDB does, goes on as before. The thread never goes back: without privileges the system does not
 * let it.
 *
 * Linux alone counts priorities by thread. Elsewhere the whole process would have it, so nothing is
 * done there, nor on the main thread.
 */
export function yieldProcessor(worksFor: SteppingBack): void {
  if (process.platform !== 'linux' || isMainThread) return;
  try {
    // The number of a process is that of its main thread.
    const niceness = Math.min(getPriority(process.pid) + STEPS[worksFor], constants.priority.PRIORITY_LOW);
    if (getPriority() < niceness) setPriority(niceness);
  } catch (error) {
    // A sandbox may forbid it. The thread works all the same.
    process.emitWarning(`A thread could not lower its priority: ${String(error)}`);
  }
}
