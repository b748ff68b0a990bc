import { PrismaPg } from '@prisma/adapter-pg';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { messageOf } from '../../../core/thrown.ts';
import { PrismaClient } from '../../../generated/postgresql/client.ts';
import { StorageUnavailable } from '../../errors.ts';
import { readApplied } from '../../migrator/applied.ts';
import { asPrismaClient } from '../../prisma.ts';
import { createReadScopes, type ReadScope } from '../../reading.ts';
import type { StorageDialect } from '../dialect.ts';
import { runTransaction } from '../transaction.ts';
import { createTurns, longTurnsOf, type Turns } from '../turns.ts';
import { asUnavailable, orUnavailable } from '../unavailable.ts';
import { appendGroups } from './append.ts';
import { createBackupFormat } from './backup-format.ts';
import { compactTables } from './compact.ts';
import { postgresqlFunctions } from './functions.ts';
import { inspectPostgresql } from './inspection.ts';
import { createNotices } from './notices.ts';
import { createOwnAppends, noteNumbers } from './own-appends.ts';
import { CONNECT_TIMEOUT_MS, createConnectionWatch } from './silent-connections.ts';
import { makeStoppable, queryInScope } from './stoppable.ts';
import { typeParsers, useUtc } from './types.ts';
import { unusableUrl } from './unusable-url.ts';
import { createUpkeep } from './upkeep.ts';
import { createWriter, LOCK_OUT_APPENDS } from './writer.ts';

const DEFAULT_READERS = 8;
/** Connections that long reads leave to others. */
const SHORT_READERS = 2;
/**
 * Takes the lock of a key until the end of the transaction. The seed separates these locks from
 * others.
 */
const LOCK_KEY = 'select pg_advisory_xact_lock(hashtextextended($1, 7405))';
/**
 * The net below the deadlines of operations: it ends what still runs when this process was killed.
 */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;
/** Whoever looks at a database does not wait for long, nor burden a server in trouble. */
const INSPECTION_PATIENCE_MS = 5_000;
/** Work that waits for all appends may take longer. */
const NO_TIMEOUT = 'set local statement_timeout = 0';

/** PostgreSQL: a pool of connections for reads and states, and a separate connection for events. */
export const postgresql: StorageDialect = {
  name: 'postgresql',

  async openStore({ url, directUrl = url, readers = DEFAULT_READERS, transactionIdleMs, onProblem }) {
    const scopes = createReadScopes();
    // Outside of the line of reads: it cancels them, and answers probes.
    const watch = createConnectionWatch({ url, onProblem });
    const control = new pg.Pool({
      Client: PromptClient,
      connectionString: url,
      max: 2,
      types: typeParsers,
      application_name: 'telltale control',
      onConnect: watch.add,
    });
    control.on('error', onProblem);
    const cancel = (processId: number) => control.query('select pg_cancel_backend($1)', [processId]);
    const pool = new pg.Pool({
      Client: PromptClient,
      connectionString: url,
      max: readers,
      types: typeParsers,
      idle_in_transaction_session_timeout: transactionIdleMs,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      application_name: 'telltale',
      async onConnect(client) {
        // A connection can also break while it is in use, which would end the process without a
        // listener.
        client.on('error', onProblem);
        await watch.add(client);
        await useUtc(client);
        makeStoppable(client, { scope: scopes.current, cancel });
      },
    });
    queryInScope(pool);
    // Reports nothing: Prisma listens here as well, and the listener of each connection reports
    // that it broke.
    pool.on('error', () => {});
    const writer = createWriter({ url, onProblem, watch });
    const appends = createOwnAppends();
    const notices = createNotices({ url: directUrl, onProblem });
    const turns = createTurns(Array.from({ length: readers }), longTurnsOf(readers, SHORT_READERS));
    const lent = lend({ pool, control, turns, scope: scopes.current });
    const query = new Kysely({ dialect: new PostgresDialect({ pool: lent }) });
    const prisma = asPrismaClient(new PrismaClient({ adapter: new PrismaPg(pool) }));
    const ping = async () => {
      await control.query('select 1');
    };
    try {
      await ping();
    } catch (error) {
      watch.close();
      await Promise.all([pool.end(), control.end()]);
      throw new StorageUnavailable(`The database does not answer: ${messageOf(error)}`, { cause: error });
    }
    return {
      dialect: 'postgresql',
      query,
      functions: postgresqlFunctions,
      prisma,
      append(groups) {
        const numbers = new Map<string, number>();
        const appended = writer.transaction((session) => appendGroups(noteNumbers(session, numbers), groups));
        return orUnavailable(appends.track(appended, numbers, groups));
      },
      instances: { notices, appends },
      transact: (key, work) =>
        runTransaction(prisma, transactionIdleMs, async (transaction) => {
          await transaction.$executeRawUnsafe(LOCK_KEY, key);
          return work(transaction);
        }),
      exclusively: (work) =>
        query.transaction().execute(async (transaction) => {
          await sql.raw(NO_TIMEOUT).execute(transaction);
          await sql.raw(LOCK_OUT_APPENDS).execute(transaction);
          return work(transaction);
        }),
      upkeep: createUpkeep(query),
      migrations: () => readApplied({ dialect: 'postgresql', query }),
      reading: scopes.run,
      scope: scopes.current,
      isReading: scopes.isReading,
      count: scopes.count,
      // Prisma takes its connections from the pool without a turn.
      connections: () => ({
        limit: readers,
        busy: pool.totalCount - pool.idleCount,
        waiting: turns.load().waiting + pool.waitingCount,
      }),
      ping,
      async close() {
        await writer.close();
        await notices.close();
        await query.destroy();
        await prisma.$disconnect();
        await pool.end();
        await control.end();
        watch.close();
        scopes.close();
      },
    };
  },

  backupFormat: createBackupFormat,
  async compact(url, onProgress) {
    const connection = await postgresql.openMigrationConnection(url);
    try {
      return await compactTables(connection, onProgress);
    } finally {
      await connection.close();
    }
  },

  async openMigrationConnection(url) {
    const client = await connect(url, { application_name: 'telltale migrator' });
    await useUtc(client);
    return {
      dialect: 'postgresql',
      query: async (sql, parameters = []) => (await client.query(sql, [...parameters])).rows,
      script: async (sql) => {
        await client.query(sql);
      },
      close: () => client.end(),
    };
  },

  async openInspection(url) {
    return inspectPostgresql(
      await connect(url, {
        application_name: 'telltale inspection',
        connectionTimeoutMillis: INSPECTION_PATIENCE_MS,
        statement_timeout: INSPECTION_PATIENCE_MS,
        options: '-c default_transaction_read_only=on',
      }),
    );
  },
};

/**
 * A connection of a pool that is given up if it cannot be made. As an option of the pool, the same
 * would also limit how long callers wait for a connection that others use.
 */
class PromptClient extends pg.Client {
  constructor(options?: pg.ClientConfig) {
    super({ ...options, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  }
}

/**
 * @throws InvalidArgument for a URL that cannot work: it is not a valid URL, a required password is
 *   missing, or the certificate is wrong
 */
async function connect(url: string, options: pg.ClientConfig): Promise<pg.Client> {
  try {
    const client = new pg.Client({
      connectionString: url,
      types: typeParsers,
      ...options,
    });
    await client.connect();
    return client;
  } catch (error) {
    if (asUnavailable(error) !== null) throw error;
    throw unusableUrl(error);
  }
}

/**
 * Wraps the pools for Kysely: reads take turns, and probes have connections of their own. Kysely ends
 * its pool when it is destroyed; the store ends these.
 */
function lend({
  pool,
  control,
  turns,
  scope,
}: LentPools): ConstructorParameters<typeof PostgresDialect>[0]['pool'] {
  async function connect(): Promise<pg.PoolClient> {
    const current = scope();
    // A probe writes nothing here but its one row, and must not wait for reads.
    if (current.kind === 'PROBE') return control.connect();
    const kind = current.kind === 'APART' ? 'LONG' : current.kind;
    const turn = await turns.take({ ...current, kind });
    try {
      const client = await pool.connect();
      // The pool makes a new `release` each time that it lends a connection.
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
  return async () => ({ connect, end: async () => {} });
}

interface LentPools {
  readonly pool: pg.Pool;
  readonly control: pg.Pool;
  readonly turns: Turns<unknown>;
  readonly scope: () => ReadScope;
}
