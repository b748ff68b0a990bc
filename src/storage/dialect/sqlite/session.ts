import { StorageUnavailable } from '../../errors.ts';
import { type ReadScope, UNLIMITED } from '../../reading.ts';
import type { Pass } from '../../row-parts.ts';
import type { Request, StatementRequest, StatementResult } from './protocol.ts';
import { runStoppable } from './read.ts';
import type { Thread } from './thread.ts';

/** A transaction: one caller holds a thread for several statements. */
export interface Session {
  /**
   * @throws StorageUnavailable if the transaction is over, or if the thread died and the
   *   transaction with it.
   */
  run(statement: StatementRequest): Promise<StatementResult>;
  /** Ends the transaction and releases the thread, even if the database reports an error. */
  finish(how: 'commit' | 'rollback'): Promise<void>;
}

interface SessionOptions {
  readonly mode: 'read' | 'write';
  readonly release: () => void;
  readonly idleMs: number;
  readonly scope: () => ReadScope;
  readonly pass: Pass;
}

/**
 * Begins a transaction on a thread that the caller holds; `release` releases the thread. If the
 * transaction is idle for `idleMs`, it is rolled back and the thread is released, because its owner
 * may have gone away while others wait for the thread.
 */
export async function beginSession(
  thread: Thread,
  { mode, release, idleMs, scope, pass }: SessionOptions,
): Promise<Session> {
  let over: StorageUnavailable | null = null;
  let watchdog: NodeJS.Timeout | undefined;
  let running = 0;

  function watch(): void {
    if (running === 0 && over === null) watchdog = setTimeout(giveUp, idleMs);
  }

  function giveUp(): void {
    over = new StorageUnavailable(
      `The transaction was rolled back: nothing happened in it for ${idleMs} ms.`,
    );
    void rollBack().finally(release);
  }

  /**
   * Ignores an error: if the thread is dead, its transaction is rolled back, and the pool has
   * reported it.
   */
  async function rollBack(): Promise<void> {
    const body: Request = { kind: 'rollback' };
    await thread.request(body).catch(() => undefined);
  }

  async function run(statement: StatementRequest): Promise<StatementResult> {
    if (over !== null) throw over;
    clearTimeout(watchdog);
    running++;
    try {
      const { result: reading, ended } = runStoppable(
        thread,
        statement,
        // A transaction that has begun to write is not stopped.
        { ...(mode === 'read' ? scope() : UNLIMITED), pass },
      );
      // The thread answers in order, so the rollback of a stopped transaction waits for its end.
      ended.catch(() => undefined);
      const result = await reading;
      if ('writes' in result) throw new Error('A transaction that is read-only cannot write.');
      return result;
    } finally {
      running--;
      watch();
    }
  }

  try {
    // IMMEDIATE takes the lock at once. Otherwise a transaction that reads first could fail later,
    // when it writes.
    await thread.request({ kind: 'script', sql: mode === 'write' ? 'begin immediate' : 'begin' });
  } catch (error) {
    release();
    throw error;
  }
  watch();

  return {
    run,
    async finish(how) {
      if (over !== null) throw over;
      over = new StorageUnavailable('The transaction is over.');
      clearTimeout(watchdog);
      try {
        if (how === 'commit') await thread.request({ kind: 'script', sql: 'commit' });
      } finally {
        // This also runs after a failed commit, which may have left the transaction open.
        if (how === 'rollback' || mode === 'write') await rollBack();
        release();
      }
    },
  };
}
