import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { packageFolder } from '../package-folder.ts';

/** What a thread runs: the worker of one dialect. */
export type ThreadBody = 'sqlite' | 'postgresql';

/**
 * Where the threads for connections come from, and where they go. Starting a thread takes 35 ms of
 * processor time, so whoever opens many databases, one after the other, may keep threads for the
 * next ones.
 */
export interface ThreadSource {
  /**
   * Whether a reader may become a writer. If so, no thread lowers its priority for others, because
   * it could never raise it again. Default: no.
   */
  readonly changesRoles?: boolean;
  /** Returns a thread that runs the worker and has no connection. */
  take(body: ThreadBody): Worker;
  /** Takes back a thread whose connection is closed. Nobody listens to it any more. */
  giveBack(worker: Worker): Promise<unknown>;
}

/**
 * The compiled worker. Threads cannot load TypeScript, so a process that runs src also uses the
 * worker in dist.
 */
const workerFile = (body: ThreadBody): URL =>
  pathToFileURL(join(packageFolder(), 'dist', 'storage', 'dialect', body, 'worker.cjs'));

/**
 * The rows of a batch live as long as its transaction. With V8's default of 48 MB, they are copied
 * from one half of the young generation to the other, and then to the old one. That would be a
 * fifth of what the thread costs. The memory is only taken as batches need it.
 */
const YOUNG_GENERATION_MB = 96;

/**
 * Starts each thread when it is needed, and ends it afterwards.
 *
 * @param file default: the compiled worker
 */
export function startingThreads(file?: URL): ThreadSource {
  return {
    take: (body) =>
      new Worker(file ?? workerFile(body), {
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      }),
    giveBack: (worker) => worker.terminate(),
  };
}
