import { resolve } from 'node:path';
import { type CopyThread, type CopyThreadOwner, startCopyThread } from './copy-thread.ts';
import type { CopyThreadData } from './protocol.ts';

/** Keeps the thread of the copy running. */
export interface CopyKeeper {
  /** The thread, which is started if it is not running; otherwise the reason why there is none. */
  thread(): CopyThread | string;
  close(): Promise<void>;
}

/** How long a copy that failed is left alone. The pause doubles with each failure in a row. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
/** A thread that lived this long did not fail at its start. */
const LIVES_MS = 60_000;

/**
 * The copies that this process has open. DuckDB's lock on a file only excludes other processes: two
 * threads of one process would both write, and one would silently lose.
 */
const openFiles = new Set<string>();

/** Whether this process has the file of a copy open. */
export const isOpenHere = (file: string): boolean => openFiles.has(resolve(file));

export function createCopyKeeper(
  data: CopyThreadData,
  owner: Pick<CopyThreadOwner, 'onProblem' | 'isReading'>,
): CopyKeeper {
  const file = resolve(data.file);
  let running: CopyThread | null = null;
  let startedAt = 0;
  let notBefore = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let closed = false;

  function start(): CopyThread {
    openFiles.add(file);
    startedAt = performance.now();
    return startCopyThread(data, {
      ...owner,
      onDeath() {
        openFiles.delete(file);
        running = null;
        if (performance.now() - startedAt > LIVES_MS) pauseMs = FIRST_PAUSE_MS;
        notBefore = performance.now() + pauseMs;
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      },
    });
  }

  return {
    thread() {
      if (closed) return 'the columns are closed';
      if (running !== null) return running;
      if (performance.now() < notBefore) return 'the columns failed and will restart soon';
      if (openFiles.has(file)) return 'another server of this process has the columns';
      running = start();
      return running;
    },
    async close() {
      closed = true;
      const thread = running;
      if (thread === null) return;
      await thread.close();
      openFiles.delete(file);
    },
  };
}
