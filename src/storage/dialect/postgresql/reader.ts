import pg from 'pg';
import { messageOf } from '../../../core/thrown.ts';
import { StorageUnavailable } from '../../errors.ts';
import { createSerial } from '../../serial.ts';
import { typeParsers } from './types.ts';

/**
 * Runs one statement. Each row is an array of values.
 *
 * @param name of a statement that is planned once for each connection
 */
export type ReadRows = <Row extends unknown[]>(
  text: string,
  values?: readonly unknown[],
  name?: string,
) => Promise<Row[]>;

/**
 * Reads on one connection, one piece of work at a time.
 *
 * @throws StorageUnavailable if it cannot connect; and the error of `pg`
 */
export interface PostgresqlReader {
  /** How often it has connected. */
  readonly connections: number;
  readonly read: ReadRows;
  /** Runs statements that all see the database as it was at the first of them. */
  snapshot<Value>(work: (read: ReadRows) => Promise<Value>): Promise<Value>;
  /** Ends the running statement, which then rejects. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
/**
 * A page takes a fraction of a second. But the first search for rows without a number scans a table
 * of any size, even if it has none.
 */
const STATEMENT_TIMEOUT_MS = 60 * 60_000;
/** A thread that hangs must not hold up the vacuuming of the tables. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** Compiling the many expressions of a page would take longer than computing them. */
const BEGIN = 'begin isolation level repeatable read read only; set local jit = off';

/** Connects at the first read, and again after the connection broke. */
export function createPostgresqlReader(url: string): PostgresqlReader {
  const alone = createSerial();
  let connected: pg.Client | null = null;
  let connections = 0;
  let closed = false;

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: url,
      types: typeParsers,
      application_name: 'telltale columns',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    // The running statement rejects as well, and reports the error.
    client.on('error', () => {
      if (connected === client) connected = null;
    });
    try {
      await client.connect();
    } catch (error) {
      throw new StorageUnavailable(`The database does not answer: ${messageOf(error)}`, { cause: error });
    }
    connected = client;
    connections++;
    return client;
  }

  function expectOpen(): void {
    if (closed) throw new StorageUnavailable('The connection is closed.');
  }

  /**
   * After a failure the connection may be broken, or in a transaction, so the next read gets
   * another one. Nobody waits for the end of a broken one, which may never come.
   */
  async function withConnection<Value>(work: (client: pg.Client) => Promise<Value>): Promise<Value> {
    expectOpen();
    const client = connected ?? (await connect());
    try {
      expectOpen();
      return await work(client);
    } catch (error) {
      connected = null;
      client.end(() => {});
      throw error;
    }
  }

  const readOf =
    (client: pg.Client): ReadRows =>
    async <Row extends unknown[]>(text: string, values: readonly unknown[] = [], name?: string) =>
      (await client.query<Row>({ text, values: [...values], rowMode: 'array', ...(name && { name }) })).rows;

  return {
    get connections() {
      return connections;
    },
    read: (...statement) => alone(() => withConnection((client) => readOf(client)(...statement))),
    snapshot: (work) =>
      alone(() =>
        withConnection(async (client) => {
          await client.query(BEGIN);
          const value = await work(readOf(client));
          await client.query('commit');
          return value;
        }),
      ),
    async close() {
      closed = true;
      await connected?.end();
      // Waits for a connection that is just being made.
      await alone(async () => {});
    },
  };
}
