import { StorageUnavailable } from '../../errors.ts';
import { startingThreads, type ThreadSource } from '../thread-source.ts';
import type { Envelope, ErrorData, FromThread, OpenRequest, WriterRequest } from './protocol.ts';

/** The main thread's side of the thread that writes events. */
export interface WriterThread {
  /**
   * Sends a request and resolves with the reply.
   *
   * @throws StorageUnavailable if the database is not available, or if the thread has died
   * @throws PostgresqlError for another error of the database
   */
  request<Value>(request: WriterRequest): Promise<Value>;
  /** Finishes the requests that were sent, disconnects and gives the thread back. */
  close(): Promise<void>;
}

export interface WriterThreadOwner {
  /** Default: starts the thread, and ends it. */
  readonly threads: ThreadSource | undefined;
  /** Called with problems that belong to no request. */
  onProblem(error: Error): void;
  /** Called once if the thread ends without `close`. By then its requests have been rejected. */
  onDeath(error: Error): void;
}

/** An error of the database, with its SQLSTATE. */
export class PostgresqlError extends Error {
  override readonly name = 'PostgresqlError';
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

/** Starts the thread; it connects at its first append. */
export function startWriterThread(
  data: OpenRequest,
  { threads = startingThreads(), onProblem, onDeath }: WriterThreadOwner,
): WriterThread {
  const worker = threads.take('postgresql');
  const waiting = new Map<number, Waiting>();
  let lastNumber = 0;
  let cause: Error | null = null;
  let ended = false;
  let closing: Promise<void> | null = null;

  worker.on('message', (message: FromThread) => {
    if ('problem' in message) {
      onProblem(toError(message.problem));
      return;
    }
    const waiter = waiting.get(message.number);
    waiting.delete(message.number);
    if ('error' in message) waiter?.reject(toError(message.error));
    else waiter?.resolve(message.value);
  });
  worker.on('error', (error) => {
    cause = error instanceof Error ? error : new Error(String(error));
  });
  worker.on('messageerror', (error) => {
    cause = error;
    void worker.terminate();
  });
  worker.on('exit', (code) => {
    const error = death(cause?.message ?? `it ended with code ${code}`, cause);
    end(error);
    if (closing === null) onDeath(error);
  });
  void request(data).catch(onProblem);

  function end(error: Error): void {
    ended = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function request<Value>(body: WriterRequest): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      if (ended) {
        reject(death('it was closed'));
        return;
      }
      const envelope: Envelope = { number: ++lastNumber, request: body };
      worker.postMessage(envelope);
      waiting.set(envelope.number, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  async function close(): Promise<void> {
    try {
      await request({ kind: 'close' });
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    for (const name of ['message', 'messageerror', 'error', 'exit']) worker.removeAllListeners(name);
    end(death('it was closed'));
    await threads.giveBack(worker);
  }

  return {
    request,
    close() {
      closing ??= ended ? Promise.resolve() : close();
      return closing;
    },
  };
}

const toError = (data: ErrorData): Error =>
  data.trouble === undefined
    ? new PostgresqlError(data)
    : new StorageUnavailable(data.message, { trouble: data.trouble, cause: new PostgresqlError(data) });

const death = (reason: string, cause: Error | null = null): StorageUnavailable =>
  new StorageUnavailable(`The thread that writes to the database has ended: ${reason}`, {
    ...(cause !== null && { cause }),
  });
