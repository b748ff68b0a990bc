import { StorageUnavailable } from '../../errors.ts';
import { startingThreads, type ThreadSource } from '../thread-source.ts';
import { createOverdue, type LostThreads } from './overdue.ts';
import type { Reply, Request, ThreadData } from './protocol.ts';
import { createRequests, SqliteError } from './requests.ts';
import { createStopFlag } from './stops.ts';

export type { LostThreads };
export { SqliteError };

/** The main thread's side of a database thread. */
export interface Thread {
  /**
   * Sends a request and resolves with the reply. Rejects with a `SqliteError`, or with
   * StorageUnavailable if the thread has died.
   */
  request<Value>(request: Request): Promise<Value>;
  /**
   * Stops the statements that were sent. A statement that does not end within `STOP_GRACE_MS` has
   * no stop points, or is sorting. Then the thread is given up: its requests are rejected, and it
   * ends when its statement does, because nothing can end a thread in native code.
   */
  stop(): void;
  /** Finishes the requests that were sent, closes the connection and gives the thread back. */
  close(): Promise<void>;
}

/** How long a stopped statement may continue. */
const STOP_GRACE_MS = 2_000;

export interface ThreadOptions {
  /** Default: starts the thread, and ends it. */
  readonly threads?: ThreadSource;
  /** Default: 2,000. */
  readonly stopGraceMs?: number;
  /**
   * The threads that were given up and have not ended yet. While there are many, no more are given
   * up.
   */
  readonly lost?: LostThreads;
}

/**
 * Opens a connection on a separate thread. `onDeath` is called once if the thread ends without
 * `close`. By then its pending requests have been rejected.
 */
export function startThread(
  given: Omit<ThreadData, 'stops'>,
  onDeath: (error: Error) => void,
  options: ThreadOptions = {},
): Thread {
  const { threads = startingThreads(), stopGraceMs = STOP_GRACE_MS, lost = { most: 1, count: 0 } } = options;
  const { stepsBack, ...role } = given;
  const isNice = stepsBack !== undefined && !threads.changesRoles;
  const data: ThreadData = { ...role, ...(isNice && { stepsBack }), stops: createStopFlag() };
  const worker = threads.take('sqlite');
  const requests = createRequests(worker);
  let cause: Error | null = null;
  let closing: Promise<void> | null = null;
  let ended = false;
  const overdue = createOverdue({
    stops: data.stops,
    graceMs: stopGraceMs,
    lost,
    isUnderWay: requests.isUnderWay,
    giveUp() {
      end('a statement could not be stopped');
      void worker.terminate();
    },
  });

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
    requests.settle(reply);
    if (requests.isEmpty) overdue.clear();
  });
  requests.open(data);

  function end(how: string): void {
    ended = true;
    overdue.clear();
    const error = death(cause ?? how);
    requests.rejectAll(error);
    if (closing === null) onDeath(error);
  }

  function stop(): void {
    if (!requests.isEmpty) overdue.stop(requests.last);
  }

  function request<Value>(body: Request): Promise<Value> {
    return ended ? Promise.reject(death(cause ?? 'it was closed')) : requests.send(body);
  }

  async function close(): Promise<void> {
    try {
      await request({ kind: 'close' });
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    for (const name of ['message', 'messageerror', 'error', 'exit']) worker.removeAllListeners(name);
    // The thread may still answer requests that were sent too late. The next owner must not receive
    // those replies.
    const isSilent = requests.isEmpty;
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
