import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { StorageUnavailable } from '../../errors.ts';
import { packageFolder } from '../../package-folder.ts';
import type { Envelope, ErrorData, Reply, Request, ThreadData } from './protocol.ts';

/** The main thread's side of a database thread. */
export interface Thread {
  /**
   * Sends a request and resolves with the reply. Rejects with a `SqliteError`, or with
   * StorageUnavailable if the thread has died.
   */
  request<Value>(request: Request): Promise<Value>;
  /** Finishes the requests that were sent, closes the connection and ends the thread. */
  close(): Promise<void>;
}

/** An error of the database, with its code. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError';
  readonly code: string | undefined;

  constructor({ message, code, stack }: ErrorData) {
    super(message);
    this.code = code;
    if (stack !== undefined) this.stack = stack;
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The compiled worker. Threads cannot load TypeScript, so a process that runs src also uses the
 * worker in dist.
 */
const workerFile = (): URL =>
  pathToFileURL(join(packageFolder(), 'dist', 'storage', 'dialect', 'sqlite', 'worker.cjs'));

/**
 * Starts a database thread. `onDeath` is called once if the thread ends without `close`. Its
 * pending requests have been rejected by then.
 */
export function startThread(
  data: ThreadData,
  onDeath: (error: Error) => void,
  file: URL = workerFile(),
): Thread {
  const worker = new Worker(file, { workerData: data });
  const waiting = new Map<number, Waiting>();
  let lastNumber = 0;
  let cause: Error | null = null;
  let closing: Promise<void> | null = null;
  let ended = false;

  const exited = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      ended = true;
      const error = death(cause ?? `it ended with code ${code}`);
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
      resolve();
      if (closing === null) onDeath(error);
    });
  });
  worker.on('error', (error) => {
    cause = error instanceof Error ? error : new Error(String(error));
  });
  worker.on('messageerror', (error) => {
    cause = error;
    void worker.terminate();
  });
  worker.on('message', (reply: Reply) => {
    const waiter = waiting.get(reply.number);
    waiting.delete(reply.number);
    if ('error' in reply) waiter?.reject(new SqliteError(reply.error));
    else waiter?.resolve(reply.value);
  });

  function request<Value>(body: Request): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      if (ended) {
        reject(death(cause ?? 'it was closed'));
        return;
      }
      const envelope: Envelope = { number: ++lastNumber, request: body };
      worker.postMessage(envelope);
      waiting.set(envelope.number, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  return {
    request,
    close() {
      closing ??= ended ? Promise.resolve() : request({ kind: 'close' }).then(() => exited);
      return closing;
    },
  };
}

function death(cause: Error | string): StorageUnavailable {
  const reason = cause instanceof Error ? cause.message : cause;
  return new StorageUnavailable(`The database thread has ended: ${reason}`, {
    cause: cause instanceof Error ? cause : undefined,
  });
}
