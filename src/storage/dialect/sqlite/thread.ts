import { StorageUnavailable } from '../../errors.ts';
import { startingThreads, type ThreadSource } from '../thread-source.ts';
import type { Envelope, ErrorData, Reply, Request, ThreadData } from './protocol.ts';
import { createStopFlag, stopUpTo } from './stops.ts';

/** The main thread's side of a database thread. */
export interface Thread {
  /**
   * Sends a request and resolves with the reply. Rejects with a `SqliteError`, or with
   * StorageUnavailable if the thread has died.
   */
  request<Value>(request: Request): Promise<Value>;
  /**
   * Stops the statements that were sent. One that does not end within `STOP_GRACE_MS` has no stop
   * points, or is sorting: then the thread is given up, its requests are rejected, and it ends when
   * its statement does, because nothing can end a thread in native code.
   */
  stop(): void;
  /** Finishes the requests that were sent, closes the connection and gives the thread back. */
  close(): Promise<void>;
}

/** How long a stopped statement may go on. */
const STOP_GRACE_MS = 2_000;

export interface ThreadOptions {
  /** Default: starts the thread, and ends it. */
  readonly threads?: ThreadSource;
  /** Default: 2,000. */
  readonly stopGraceMs?: number;
  /** The threads that were given up and have not ended yet. While there are many, none is given up. */
  readonly lost?: LostThreads;
}

export interface LostThreads {
  readonly most: number;
  count: number;
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
 * Opens a connection on a thread of its own. `onDeath` is called once if the thread ends without
 * `close`. Its pending requests have been rejected by then.
 */
export function startThread(
  given: Omit<ThreadData, 'stops'>,
  onDeath: (error: Error) => void,
  {
    threads = startingThreads(),
    stopGraceMs = STOP_GRACE_MS,
    lost = { most: 1, count: 0 },
  }: ThreadOptions = {},
): Thread {
  const data: ThreadData = { ...given, stops: createStopFlag() };
  const worker = threads.take('sqlite');
  const waiting = new Map<number, Waiting>();
  let lastNumber = 0;
  let cause: Error | null = null;
  let closing: Promise<void> | null = null;
  let ended = false;
  let givingUp: NodeJS.Timeout | undefined;

  worker.on('exit', (code) => {
    if (ended) lost.count--;
    else end(`it ended with code ${code}`);
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
    if (waiting.size === 0) clearTimeout(givingUp);
    if ('error' in reply) waiter?.reject(new SqliteError(reply.error));
    else waiter?.resolve(reply.value);
  });
  send({ number: 0, request: { kind: 'open', data } });

  function send(envelope: Envelope): void {
    worker.postMessage(envelope);
  }

  function end(how: string): void {
    ended = true;
    clearTimeout(givingUp);
    const error = death(cause ?? how);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    if (closing === null) onDeath(error);
  }

  function stop(): void {
    if (ended || waiting.size === 0) return;
    const last = lastNumber;
    stopUpTo(data.stops, last);
    clearTimeout(givingUp);
    givingUp = setTimeout(() => giveUp(last), stopGraceMs);
  }

  function giveUp(last: number): void {
    const goesOn = [...waiting.keys()].some((number) => number <= last);
    if (ended || !goesOn) return;
    if (lost.count >= lost.most) {
      givingUp = setTimeout(() => giveUp(last), stopGraceMs);
      return;
    }
    lost.count++;
    end('a statement could not be stopped');
    void worker.terminate();
  }

  function request<Value>(body: Request): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      if (ended) {
        reject(death(cause ?? 'it was closed'));
        return;
      }
      const envelope: Envelope = { number: ++lastNumber, request: body };
      send(envelope);
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
    // It may still answer what was sent too late: that is nothing for the next who takes it.
    const isSilent = waiting.size === 0;
    end('it was closed');
    await (isSilent ? threads.giveBack(worker) : worker.terminate());
  }

  return {
    request,
    stop,
    close() {
      closing ??= ended ? Promise.resolve() : close();
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
