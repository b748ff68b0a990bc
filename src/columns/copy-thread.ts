import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { packageFolder } from '../storage/package-folder.ts';
import { ColumnsUnavailable } from './columns.ts';
import type { CopyRequest, CopyThreadData, FromThread, ToThread } from './protocol.ts';

/** The main thread's side of the thread that owns the copy. */
export interface CopyThread {
  /**
   * Sends a request and resolves with the reply.
   *
   * @throws ColumnsUnavailable if the request failed or the thread has ended
   * @throws the reason of the signal if it aborts meanwhile; the statement is then stopped
   */
  request<Value>(request: CopyRequest, signal?: AbortSignal | null): Promise<Value>;
  /** Stops what is running, closes the copy and ends the thread. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Threads cannot load TypeScript, so a process that runs src also uses the worker in dist. */
const workerFile = (): URL => pathToFileURL(join(packageFolder(), 'dist', 'columns', 'worker.cjs'));

/** Little of a page survives: the texts of its columns are large objects that only pass through. */
const YOUNG_MIB = 12;

export interface CopyThreadOwner {
  /** Called with problems that belong to no request. */
  onProblem(problem: string): void;
  /** Called once if the thread ends without `close`. By then its requests have been rejected. */
  onDeath(): void;
  /** Whether the server answers questions. Copying gives way to them. */
  isReading(): boolean;
}

/** Starts the thread. */
export function startCopyThread(
  data: CopyThreadData,
  { onProblem, onDeath, isReading }: CopyThreadOwner,
): CopyThread {
  const worker = new Worker(workerFile(), {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  });
  const waiting = new Map<number, Waiting>();
  let lastNumber = 0;
  let ended = false;
  let closing: Promise<void> | null = null;
  const send = (message: ToThread): void => worker.postMessage(message);

  worker.on('message', (message: FromThread) => {
    if ('problem' in message) {
      onProblem(message.problem);
      return;
    }
    if ('ask' in message) {
      send({ isReading: isReading() });
      return;
    }
    const waiter = waiting.get(message.number);
    waiting.delete(message.number);
    if ('error' in message) waiter?.reject(new ColumnsUnavailable(message.error));
    else waiter?.resolve(message.value);
  });
  worker.on('messageerror', (error) => {
    onProblem(error.message);
    void worker.terminate();
  });
  worker.on('error', (error) => onProblem(error instanceof Error ? error.message : String(error)));
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      ended = true;
      for (const { reject } of waiting.values()) reject(new ColumnsUnavailable('The thread has ended.'));
      waiting.clear();
      if (closing === null) onDeath();
      resolve();
    });
  });

  function request<Value>(body: CopyRequest, signal: AbortSignal | null = null): Promise<Value> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (ended) return Promise.reject(new ColumnsUnavailable('The thread has ended.'));
    const number = ++lastNumber;
    return new Promise<Value>((resolve, reject) => {
      const stop = () => {
        send({ stop: number });
        waiting.delete(number);
        reject(signal?.reason);
      };
      const leave = () => signal?.removeEventListener('abort', stop);
      waiting.set(number, {
        resolve(value) {
          leave();
          resolve(value as Value);
        },
        reject(error) {
          leave();
          reject(error);
        },
      });
      signal?.addEventListener('abort', stop, { once: true });
      send({ number, request: body });
    });
  }

  return {
    request,
    close() {
      closing ??= ended
        ? exited
        : request({ kind: 'close' })
            // A thread that cannot close its copy still ends.
            .catch((error: unknown) => onProblem(String(error)))
            .then(() => exited);
      return closing;
    },
  };
}
