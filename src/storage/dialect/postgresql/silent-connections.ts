import pg from 'pg';
import { StorageUnavailable } from '../../errors.ts';
import { asUnavailable } from '../unavailable.ts';
import type { Session } from './session.ts';

/** How often connections are checked. */
const POLL_INTERVAL_MS = 1_000;
/** How long a statement may run before the database is asked whether it is working on it. */
const SILENT_MS = 3_000;
/** How long a statement may wait until a pooler assigns it a process. */
const POOLER_PATIENCE_MS = 60_000;
/** How long a new connection, or an answer about the others, may take. */
export const CONNECT_TIMEOUT_MS = 10_000;
const WORKING = `select pid from pg_stat_activity where pid = any($1) and coalesce(state, '') not like 'idle%'`;

/**
 * Finds connections whose other end no longer hears us. A network that drops packets, or a firewall
 * that has forgotten the connection, notifies neither side. TCP gives up after a quarter of an
 * hour; until then each statement would wait, and so would all writes queued after it.
 */
export interface ConnectionWatch {
  /**
   * Watches a connection until it ends. Call it once the connection is made.
   *
   * @param pooled the process of its statements, if a pooler assigns one. Default: the connection
   *   has one process as long as it lasts, which is asked for.
   */
  add(client: pg.ClientBase, pooled?: Pick<Session, 'processId'>): Promise<Pick<Session, 'processId'>>;
  close(): void;
}

/** The parts of a connection that the types of `pg` do not declare. */
interface Internals {
  /** False while a statement waits for its answer. */
  readonly readyForQuery: boolean;
  readonly connection: { readonly stream: { readonly bytesRead: number; destroy(): void } };
}

interface Watched {
  readonly client: pg.ClientBase & Internals;
  readonly isPooled: boolean;
  /**
   * The process is null until the database has reported it, and while the statement waits at a
   * pooler.
   */
  session: Pick<Session, 'processId'>;
  bytesRead: number;
  heardAt: number;
  /** The database did not know its statement when it was last asked. */
  doubtful: boolean;
}

export interface ConnectionWatchOptions {
  readonly url: string;
  readonly onProblem: (error: Error) => void;
  /** Default: 1,000. */
  readonly pollIntervalMs?: number;
  /** Default: 3,000. */
  readonly silentMs?: number;
}

/**
 * Asks the database, on a new connection, about statements that have returned nothing for some
 * seconds. A statement that the database is working on, or that waits for a lock, continues. If the
 * database twice knows nothing of the statement, or does not answer either, the connection is given
 * up: its statement fails, and the next one gets a new connection. Idle connections are given up as
 * well, because they take the same route.
 */
export function createConnectionWatch(options: ConnectionWatchOptions): ConnectionWatch {
  const { url, onProblem, pollIntervalMs = POLL_INTERVAL_MS, silentMs = SILENT_MS } = options;
  const watched = new Set<Watched>();
  let asking = false;
  const timer = setInterval(() => void poll(), pollIntervalMs).unref();

  async function poll(): Promise<void> {
    if (asking) return;
    const silent = silentOf(watched, performance.now() - silentMs);
    if (silent.length === 0) return;
    asking = true;
    const working = await askWhichWork(url, silent).catch(() => null);
    asking = false;
    const lost = silent.filter((one) => {
      if (!isSilent(one, performance.now() - silentMs)) return false;
      if (working === null) return true;
      const { processId } = one.session;
      if (one.isPooled && processId === null) return one.heardAt < performance.now() - POOLER_PATIENCE_MS;
      const known = working.has(processId);
      const isLost = !known && one.doubtful;
      one.doubtful = !known;
      return isLost;
    });
    if (lost.length === 0) return;
    const idle = [...watched].filter(({ client }) => client.readyForQuery);
    for (const { client } of [...lost, ...idle]) client.connection.stream.destroy();
    onProblem(
      new StorageUnavailable(
        `Connections to the database were closed: ${lost.length} without an answer, because ` +
          `${working === null ? 'it does not answer new ones either' : 'it knows nothing of their statements'}, ` +
          `and ${idle.length} idle ones.`,
      ),
    );
  }

  return {
    async add(client, pooled) {
      const one = watch(client as pg.ClientBase & Internals, pooled);
      watched.add(one);
      client.once('end', () => watched.delete(one));
      if (pooled !== undefined) return pooled;
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      one.session = { processId: rows[0]?.pid ?? null };
      return one.session;
    },
    close: () => clearInterval(timer),
  };
}

function watch(client: pg.ClientBase & Internals, pooled?: Watched['session']): Watched {
  const { bytesRead } = client.connection.stream;
  const session = pooled ?? { processId: null };
  return {
    client,
    isPooled: pooled !== undefined,
    session,
    bytesRead,
    heardAt: performance.now(),
    doubtful: false,
  };
}

/** Those that wait for an answer and have received nothing since then. Notes what was received. */
function silentOf(watched: Iterable<Watched>, since: number): Watched[] {
  const silent: Watched[] = [];
  for (const one of watched) {
    const { bytesRead } = one.client.connection.stream;
    if (one.client.readyForQuery || bytesRead !== one.bytesRead) {
      Object.assign(one, { bytesRead, heardAt: performance.now(), doubtful: false });
    } else if (isSilent(one, since)) {
      silent.push(one);
    }
  }
  return silent;
}

const isSilent = ({ client, bytesRead, heardAt }: Watched, since: number): boolean =>
  !client.readyForQuery && client.connection.stream.bytesRead === bytesRead && heardAt <= since;

/**
 * Those of these connections whose processes work or wait within a statement. If the database
 * refuses the question, all of them: at least it answers.
 *
 * @throws Error if the database does not answer
 */
async function askWhichWork(url: string, asked: readonly Watched[]): Promise<ReadonlySet<number | null>> {
  const processIds = asked.map(({ session }) => session.processId);
  const client = new pg.Client({
    connectionString: url,
    application_name: 'telltale watch',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(WORKING, [processIds.filter((id) => id !== null)]);
    return new Set(rows.map(({ pid }) => pid));
  } catch (error) {
    if (asUnavailable(error)?.trouble === 'BUSY') return new Set(processIds);
    throw error;
  } finally {
    // Nobody waits for the end of a connection that may be broken.
    client.end(() => undefined);
  }
}
