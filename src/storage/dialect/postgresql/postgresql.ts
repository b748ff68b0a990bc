import { PrismaPg } from '@prisma/adapter-pg';
import { Kysely, sql } from 'kysely';
import pg from 'pg';
import { PrismaClient } from '../../../generated/postgresql/client.ts';
import { readApplied } from '../../migrator/applied.ts';
import { asPrismaClient } from '../../prisma.ts';
import { createReadScopes } from '../../reading.ts';
import { carryErrors } from '../carry-errors.ts';
import type { StorageDialect } from '../dialect.ts';
import { runTransaction } from '../transaction.ts';
import { asUnavailable, orUnavailable } from '../unavailable.ts';
import { LOCK_OUT_APPENDS } from './append-lock.ts';
import { createBackupFormat } from './backup-format.ts';
import { createCitusFunctions } from './citus/functions.ts';
import { readSpreadTables } from './citus/layout.ts';
import { compactTables } from './compact.ts';
import { postgresqlFunctions } from './functions.ts';
import { inspectAddresses } from './inspect-addresses.ts';
import { inspectPostgresql } from './inspection.ts';
import { createNotices } from './notices.ts';
import { openServers } from './open-servers.ts';
import { createOwnAppends } from './own-appends.ts';
import { expectSession, isRefusedByPooler, transactionPooler } from './pooler.ts';
import { typeParsers, useUtc } from './types.ts';
import { unusableUrl } from './unusable-url.ts';
import { createUpkeep } from './upkeep.ts';
import { createWriter } from './writer.ts';

/**
 * Takes the lock of a key until the end of the transaction. The seed separates these locks from
 * others.
 */
const LOCK_KEY = 'select pg_advisory_xact_lock(hashtextextended($1, 7405))';
/**
 * Anybody who inspects a database does not want to wait for long, nor to burden a server in
 * trouble.
 */
const INSPECTION_PATIENCE_MS = 5_000;
/** Work that waits for all appends may take longer. */
const NO_TIMEOUT = 'set local statement_timeout = 0';

/**
 * PostgreSQL: a pool of connections for reads and states, a separate connection for events, and
 * another pool for a replica, if there is one.
 */
export const postgresql: StorageDialect = {
  name: 'postgresql',

  async openStore(options) {
    const { url, directUrl = url, transactionIdleMs, onProblem, clients } = options;
    const { datasets, states, pass, threads } = options;
    const scopes = createReadScopes();
    const servers = await openServers({ ...options, directUrl, scopes });
    const { primary } = servers;
    const spread = await readSpreadTables(servers.sessions).catch(async (error: unknown) => {
      await servers.close();
      throw error;
    });
    const tables = [...datasets, ...states];
    const writer = createWriter({ url: directUrl, tables, threads, pass, onProblem });
    const appends = createOwnAppends();
    const notices = createNotices({ url: directUrl, onProblem });
    const query = new Kysely({ dialect: servers.reads });
    const prisma = clients.take(carryErrors(new PrismaPg(primary.pool)), (adapter) =>
      asPrismaClient(new PrismaClient({ adapter })),
    );
    return {
      dialect: 'postgresql',
      query,
      functions: spread.size === 0 ? postgresqlFunctions : createCitusFunctions(spread),
      prisma,
      append: (groups) => orUnavailable(appends.track(writer.append(groups), groups)),
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
      upkeep: createUpkeep(servers.sessions, spread),
      migrations: () => readApplied({ dialect: 'postgresql', query }),
      reading: scopes.run,
      scope: scopes.current,
      readEvents: servers.readEvents,
      replica: servers.replica,
      isReading: scopes.isReading,
      count: scopes.count,
      connections: primary.load,
      ping: primary.ping,
      async close() {
        await writer.close();
        await notices.close();
        await query.destroy();
        await clients.giveBack(prisma);
        await servers.close();
        scopes.close();
      },
    };
  },

  inspectAddresses,
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
 * @throws InvalidArgument for a URL that cannot work: it is not a valid URL, a required password is
 *   missing, the certificate is wrong, or it leads to a pooler in transaction mode
 */
async function connect(url: string, options: pg.ClientConfig): Promise<pg.Client> {
  const client = await connectOnce(url, options);
  try {
    await expectSession(client, () => connectOnce(url, options));
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function connectOnce(url: string, options: pg.ClientConfig): Promise<pg.Client> {
  try {
    const client = new pg.Client({
      connectionString: url,
      types: typeParsers,
      ...options,
    });
    // Without a listener, losing the connection would end the process. The next statement reports
    // what happened.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  } catch (error) {
    if (isRefusedByPooler(error)) throw transactionPooler();
    if (asUnavailable(error) !== null) throw error;
    throw unusableUrl(error);
  }
}
