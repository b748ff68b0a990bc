import { PostgresDialect } from 'kysely';
import pg from 'pg';
import type { ReadScope } from '../../reading.ts';
import type { ConnectionLoad } from '../../store.ts';
import { createTurns, longTurnsOf } from '../turns.ts';
import { openOwnSession, openPooledSession, type SessionLimits } from './session.ts';
import { CONNECT_TIMEOUT_MS, type ConnectionWatch, createConnectionWatch } from './silent-connections.ts';
import { makeStoppable, queryInScope } from './stoppable.ts';
import { typeParsers } from './types.ts';

/** Connections that long reads leave to others. */
const SHORT_READERS = 2;
/**
 * A safety net beyond the deadlines of operations: ends statements that still run after this
 * process was killed.
 */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

/** With its type, because Citus has a second function of this name, for processes of any node. */
const CANCEL = 'select pg_cancel_backend($1::int4)';

/** The connections to one server of PostgreSQL. */
export interface Server {
  /** For reads and states; through the pooler, if there is one. */
  readonly pool: pg.Pool;
  /** Whether the URL leads to a pooler, so that sessions do not last. */
  readonly isPooled: boolean;
  /** Cancels reads. Its sessions last, and it does not wait in line with reads. */
  readonly control: pg.Pool;
  readonly watch: ConnectionWatch;
  /** Lends a connection when it is the caller's turn. Releasing it ends the turn. */
  lend(): Promise<pg.PoolClient>;
  load(): ConnectionLoad;
  /** Resolves when the server answers in every way by which it is reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly url: string;
  /** A URL of the same server where sessions last. */
  readonly directUrl: string;
  /** The name of its connections. */
  readonly name: string;
  readonly readers: number;
  readonly idleInTransactionMs: number;
  readonly scope: () => ReadScope;
  readonly onProblem: (error: Error) => void;
}

/** Connects when connections are needed. */
export function openServer(options: ServerOptions): Server {
  const { url, directUrl, name, readers, scope, onProblem } = options;
  const watch = createConnectionWatch({ url: directUrl, onProblem });
  const control = openControl(directUrl, options, watch);
  const isPooled = url !== directUrl;
  const pool = openPool(options, { watch, control });
  // A probe writes only its own row, and must not wait for reads.
  const probes = isPooled ? openPlainPool({ url, name: `${name} probe`, onProblem }) : control;
  const turns = createTurns(Array.from({ length: readers }), longTurnsOf(readers, SHORT_READERS));

  async function lend(): Promise<pg.PoolClient> {
    const current = scope();
    if (current.kind === 'PROBE') return probes.connect();
    const kind = current.kind === 'APART' ? 'LONG' : current.kind;
    const turn = await turns.take({ ...current, kind });
    try {
      const client = await pool.connect();
      // The pool makes a new `release` each time it lends a connection.
      const { release } = client;
      client.release = (error) => {
        release.call(client, error);
        turn.end();
      };
      return client;
    } catch (error) {
      turn.end();
      throw error;
    }
  }

  return {
    ...{ pool, isPooled, control, watch, lend },
    // Prisma takes its connections from the pool without a turn.
    load: () => ({
      limit: readers,
      busy: pool.totalCount - pool.idleCount,
      waiting: turns.load().waiting + pool.waitingCount,
    }),
    async ping() {
      await Promise.all([...new Set([control, probes])].map((each) => each.query('select 1')));
    },
    async close() {
      watch.close();
      await Promise.all([...new Set([pool, control, probes])].map((each) => each.end()));
    },
  };
}

interface Watching {
  readonly watch: ConnectionWatch;
  readonly control: pg.Pool;
}

/** The pool whose statements scopes stop and limit. */
function openPool(options: ServerOptions, { watch, control }: Watching): pg.Pool {
  const { url, directUrl, name, readers, idleInTransactionMs, scope, onProblem } = options;
  const isPooled = url !== directUrl;
  const limits: SessionLimits = { statementMs: STATEMENT_TIMEOUT_MS, idleInTransactionMs };
  const cancel = (processId: number) => control.query(CANCEL, [processId]);
  const pool = new pg.Pool({
    ...{ Client: PromptClient, connectionString: url, types: typeParsers, max: readers },
    application_name: name,
    // A pooler refuses these parameters.
    ...(!isPooled && {
      idle_in_transaction_session_timeout: idleInTransactionMs,
      statement_timeout: STATEMENT_TIMEOUT_MS,
    }),
    async onConnect(client) {
      // A connection can also break while in use, which would end the process without a listener.
      client.on('error', reportTo(onProblem));
      const pooled = isPooled ? openPooledSession(client, limits) : undefined;
      const watched = await watch.add(client, pooled);
      const session = pooled ?? (await openOwnSession(client, watched));
      makeStoppable(client, { session, scope, cancel });
    },
  });
  queryInScope(pool);
  // Reports nothing: the listener of each connection reports that it broke. Prisma listens here,
  // too.
  pool.on('error', () => {});
  return pool;
}

function openControl(url: string, { name, onProblem }: ServerOptions, watch: ConnectionWatch): pg.Pool {
  return openPlainPool({ url, name: `${name} control`, onProblem, onConnect: (client) => watch.add(client) });
}

interface PlainPool {
  readonly url: string;
  readonly name: string;
  readonly onProblem: (error: Error) => void;
  /** Default: does nothing. */
  readonly onConnect?: (client: pg.ClientBase) => Promise<unknown>;
}

/** Two connections, made when they are needed. */
function openPlainPool({ url, name, onProblem, onConnect }: PlainPool): pg.Pool {
  const pool = new pg.Pool({
    ...{ Client: PromptClient, connectionString: url, types: typeParsers, max: 2, application_name: name },
    async onConnect(client) {
      // Without a listener, a connection that breaks while in use would end the process. Its
      // statement reports the error.
      client.on('error', () => undefined);
      await onConnect?.(client);
    },
  });
  pool.on('error', reportTo(onProblem));
  return pool;
}

/** The pool of `pg` adds the whole connection to an error, which would end up in the log. */
const reportTo = (onProblem: PlainPool['onProblem']) => (error: Error) => {
  Reflect.deleteProperty(error, 'client');
  onProblem(error);
};

/**
 * A connection of a pool that is given up if it cannot be made in time. As an option of the pool,
 * the same limit would also apply to callers that wait for connections in use.
 */
class PromptClient extends pg.Client {
  constructor(options?: pg.ClientConfig) {
    super({ ...options, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  }
}

/** Kysely's dialect on connections that are lent. Whoever opened them closes them. */
export const dialectOn = (connect: () => Promise<pg.PoolClient>): PostgresDialect =>
  new PostgresDialect({ pool: async () => ({ connect, end: async () => {} }) });
