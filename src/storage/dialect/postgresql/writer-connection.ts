import type pg from 'pg';
import { codeOf } from '../../../core/thrown.ts';
import { StorageUnavailable } from '../../errors.ts';
import { createSerial } from '../../serial.ts';
import { type AppendAccess, beginAppend } from './append-lock.ts';
import { type Connected, connectWriter, writerClient } from './connect-writer.ts';
import { createConnectionWatch } from './silent-connections.ts';

/**
 * Serialization failure and deadlock: the database rolled back a transaction in favour of another.
 */
const RETRYABLE = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 5;

/** The connection that writes events. */
export interface WriterConnection {
  /**
   * Runs work in transactions, one after another. Work that was rolled back in favour of another
   * transaction runs again.
   */
  transaction<Value>(work: (session: WriterSession) => Promise<Value>): Promise<Value>;
  /** Waits for running work, then disconnects. */
  close(): Promise<void>;
}

export interface WriterConnectionOptions {
  readonly url: string;
  readonly onProblem: (error: unknown) => void;
  /** How often it checks whether the database is read-only. Default: 2,000. */
  readonly accessEveryMs?: number;
}

/** What work in a transaction can use. */
export interface WriterSession extends Connected {
  /**
   * Makes the transaction wait, before it ends, for a statement whose answer the work does not
   * need.
   */
  leave(statement: Promise<unknown>): void;
}

/**
 * The writer connects at its first transaction, and again after its connection broke. Each
 * connection takes the lowest free slot by a session lock. When the session ends, in whatever way,
 * the slot becomes free, and no transaction of that session can still commit.
 */
export function createWriterConnection(options: WriterConnectionOptions): WriterConnection {
  const { url, onProblem, accessEveryMs } = options;
  const serial = createSerial();
  const watch = createConnectionWatch({ url, onProblem });
  let connected: Connected | null = null;
  let closed = false;

  function connect(): Promise<Connected> {
    const client = writerClient(url);
    client.on('error', (error) => {
      if (connected?.client === client) connected = null;
      onProblem(error);
    });
    return connectWriter(client, { watch, accessEveryMs });
  }

  async function attempt<Value>(work: (session: WriterSession) => Promise<Value>): Promise<Value> {
    connected ??= await connect();
    const { client, arrivals, access } = connected;
    const left: Promise<unknown>[] = [];
    const failures: unknown[] = [];
    const leave = (statement: Promise<unknown>): void => {
      left.push(statement);
      statement.catch((error: unknown) => failures.push(error));
    };
    let allowed: AppendAccess = 'read write';
    try {
      allowed = await access();
      leave(client.query(beginAppend(allowed)));
      const value = await work({ ...connected, leave });
      const commit = client.query('commit');
      const [{ command }] = await Promise.all([commit, ...left]);
      if (command !== 'COMMIT') throw new Error(`The database answered ${command} to a commit.`);
      return value;
    } catch (error) {
      arrivals.forget();
      await rollBack(client, error);
      // A setting for one database or user lasts as long as the session. The next session may be
      // allowed to write.
      if (allowed === 'read only') await disconnect(client);
      // If a statement that nobody awaited failed, those after it fail too, without saying why.
      throw failures[0] ?? error;
    }
  }

  /** Rolls back. If that fails, gives up the connection; the server then releases its locks. */
  async function rollBack(client: pg.Client, error: unknown): Promise<void> {
    try {
      await client.query('rollback');
    } catch (reason) {
      await disconnect(client);
      throw new StorageUnavailable('The connection to the database broke.', { cause: error ?? reason });
    }
  }

  async function disconnect(client: pg.Client): Promise<void> {
    connected = null;
    await client.end().catch(onProblem);
  }

  return {
    transaction: (work) =>
      serial(async () => {
        if (closed) throw new StorageUnavailable('The store is closed.');
        for (let attempts = 1; ; attempts++) {
          try {
            return await attempt(work);
          } catch (error) {
            if (attempts === MAX_ATTEMPTS || !RETRYABLE.has(codeOf(error) ?? '')) throw error;
          }
        }
      }),
    close: () =>
      serial(async () => {
        closed = true;
        watch.close();
        await connected?.client.end();
        connected = null;
      }),
  };
}
