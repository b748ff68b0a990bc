import { StorageUnavailable } from '../../errors.ts';
import { createSerial } from '../../serial.ts';
import type { AppendResult, EventGroup, StoredTable } from '../../store.ts';
import { createAppendRequests, toData } from '../append-request.ts';
import type { ThreadSource } from '../thread-source.ts';
import type { AppendReply, Arrived } from './protocol.ts';
import { startWriterThread, type WriterThread } from './writer-thread.ts';

/** Writes events, on a separate thread. */
export interface Writer {
  /**
   * Stores groups of events in one transaction. Calls made while a transaction runs are prepared,
   * and follow it in the order in which they came.
   *
   * @throws StorageUnavailable if the database is not available, or after `close`
   */
  append(groups: readonly EventGroup[]): Promise<Appended>;
  /** Waits for running appends, then disconnects. */
  close(): Promise<void>;
}

/** The result of an append, after its commit. */
export interface Appended {
  readonly results: AppendResult[];
  /** The datasets that have new events, with the numbers of those events. */
  readonly arrived: readonly Arrived[];
}

export interface WriterOptions {
  readonly url: string;
  readonly tables: readonly StoredTable[];
  readonly threads: ThreadSource | undefined;
  /** Resolves when the caller may work for that many microseconds on the event loop. */
  readonly pass: (microseconds: number) => Promise<void>;
  readonly onProblem: (error: Error) => void;
}

/** The thread starts at the first append, and again after it has died. */
export function createWriter({ url, tables, threads, pass, onProblem }: WriterOptions): Writer {
  const toRequest = createAppendRequests(tables, pass);
  const oneByOne = createSerial();
  const underWay = new Set<Promise<unknown>>();
  let thread: WriterThread | null = null;
  let closed = false;

  function start(): WriterThread {
    return startWriterThread(
      { kind: 'open', url, tables: tables.map(toData) },
      {
        threads,
        onProblem,
        onDeath(error) {
          thread = null;
          onProblem(error);
        },
      },
    );
  }

  async function append(groups: readonly EventGroup[]): Promise<Appended> {
    // One after another, so that a small append does not overtake a large one that waits for its
    // turn.
    const request = await oneByOne(() => toRequest(groups));
    thread ??= start();
    const { fresh, arrived } = await thread.request<AppendReply>(request);
    return { results: fresh.map((parts) => ({ fresh: parts })), arrived };
  }

  return {
    append(groups) {
      if (closed) return Promise.reject(new StorageUnavailable('The store is closed.'));
      const appended = append(groups);
      underWay.add(appended);
      return appended.finally(() => underWay.delete(appended));
    },
    async close() {
      closed = true;
      await Promise.allSettled(underWay);
      await thread?.close();
    },
  };
}
