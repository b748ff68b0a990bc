import type pg from 'pg';
import { InvalidArgument } from '../../../core/errors.ts';
import { messageOf } from '../../../core/thrown.ts';

/**
 * The maximum number of connections made. Each takes one of the pooler's idle processes, so one of
 * them gets the process of the first connection, unless others keep taking it.
 */
const MAX_CONNECTIONS = 8;
/** Behind a pooler with lasting sessions, a second connection may have to wait for a process. */
const PATIENCE_MS = 3_000;
/**
 * PgBouncer's messages about session parameters, and about a transaction if it pools by statement.
 */
const REFUSALS = /unsupported startup parameter|transaction blocks not allowed/i;
const PROCESS_ID = 'select pg_backend_pid() as pid';

/** The error for a URL where sessions do not last. */
export const transactionPooler = (): InvalidArgument =>
  new InvalidArgument(
    'The database is reached through a pooler in transaction mode, such as PgBouncer, where no ' +
      'session lasts. Recording, migrations and backups need one: set DATABASE_DIRECT_URL to the URL ' +
      'of PostgreSQL itself. DATABASE_URL may keep naming the pooler.',
    'DATABASE_DIRECT_URL',
  );

/** Whether a pooler refused something that only a session can have. */
export const isRefusedByPooler = (error: unknown): boolean => REFUSALS.test(messageOf(error));

/**
 * Checks that the session of a connection lasts as long as the connection.
 *
 * @param connect makes another connection by the same URL
 * @throws InvalidArgument if the URL leads to a pooler in transaction mode
 */
export async function expectSession(client: pg.ClientBase, connect: () => Promise<pg.Client>): Promise<void> {
  const { processID } = client as pg.ClientBase & { readonly processID: number | null };
  // A pooler makes its own keys. Without a pooler, this one statement is enough.
  if ((await processOf(client)) === processID) return;
  const others: pg.Client[] = [];
  try {
    while (others.length < MAX_CONNECTIONS) {
      const other = await connect();
      others.push(other);
      const answer = await compare(client, other);
      if (answer === 'SHARED') throw transactionPooler();
      if (answer === 'NONE_LEFT') return;
    }
  } finally {
    // Does not wait for a connection that itself waits for a process.
    for (const other of others) other.end(() => undefined);
  }
}

/**
 * Whether the process of an idle connection works for another one in between, or changes. A pooler
 * in session mode keeps it for the connection. The other connection keeps whichever process it
 * gets, because it stays in a transaction.
 */
async function compare(client: pg.ClientBase, other: pg.Client): Promise<'SHARED' | 'OWN' | 'NONE_LEFT'> {
  try {
    const own = await processOf(client);
    const answer = await Promise.race([beginIn(other), patience()]);
    if (answer === null) return 'NONE_LEFT';
    return answer === own || (await processOf(client)) !== own ? 'SHARED' : 'OWN';
  } catch (error) {
    if (isRefusedByPooler(error)) return 'SHARED';
    throw error;
  }
}

async function beginIn(client: pg.Client): Promise<number> {
  await client.query('begin');
  return processOf(client);
}

async function processOf(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ pid: number }>(PROCESS_ID);
  return Number(rows[0]?.pid);
}

function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null).unref());
}
