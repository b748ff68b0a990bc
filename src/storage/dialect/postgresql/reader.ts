import pg from 'pg';
import { createSerial } from '../../serial.ts';
import { typeParsers } from './types.ts';

/** Runs one statement. Each row is an array of values. */
export type ReadRows = <Row extends unknown[]>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** Reads on one connection, one piece of work at a time. */
export interface PostgresqlReader {
  readonly read: ReadRows;
  /** Runs statements that see the database as it was at the first of them. */
  snapshot<Value>(work: (read: ReadRows) => Promise<Value>): Promise<Value>;
  close(): Promise<void>;
}

/** A page takes a fraction of a second, unless few rows of a large table have no number. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;
/** A thread that hangs must not hold up the cleaning of the tables. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** To compile the many expressions of a page would take longer than to compute them. */
const BEGIN = 'begin isolation level repeatable read read only; set local jit = off';

/** Connects at the first read, and again after the connection broke. */
export function createPostgresqlReader(url: string): PostgresqlReader {
  const alone = createSerial();
  let connected: pg.Client | null = null;

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: url,
      types: typeParsers,
      application_name: 'telltale columns',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      keepAlive: true,
    });
    // The statement under way rejects as well, and says so.
    client.on('error', () => {
      if (connected === client) connected = null;
    });
    await client.connect();
    connected = client;
    return client;
  }

  /**
   * After a failure the connection may be broken, or in a transaction: the next read has another.
   * Nobody waits for the end of a broken one, which may never come.
   */
  async function withConnection<Value>(work: (client: pg.Client) => Promise<Value>): Promise<Value> {
    const client = connected ?? (await connect());
    try {
      return await work(client);
    } catch (error) {
      connected = null;
      client.end(() => {});
      throw error;
    }
  }

  const readOf =
    (client: pg.Client): ReadRows =>
    async <Row extends unknown[]>(text: string, values: readonly unknown[] = []) =>
      (await client.query<Row>({ text, values: [...values], rowMode: 'array' })).rows;

  return {
    read: (text, values) => alone(() => withConnection((client) => readOf(client)(text, values))),
    snapshot: (work) =>
      alone(() =>
        withConnection(async (client) => {
          await client.query(BEGIN);
          const value = await work(readOf(client));
          await client.query('commit');
          return value;
        }),
      ),
    close: () =>
      alone(async () => {
        await connected?.end();
        connected = null;
      }),
  };
}
