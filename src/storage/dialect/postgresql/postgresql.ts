import { PrismaPg } from '@prisma/adapter-pg';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { InvalidArgument, TelltaleError } from '../../../core/errors.ts';
import { messageOf } from '../../../core/thrown.ts';
import { PrismaClient } from '../../../generated/postgresql/client.ts';
import { StorageUnavailable } from '../../errors.ts';
import { readApplied } from '../../migrator/applied.ts';
import { asPrismaClient } from '../../prisma.ts';
import { createReadScopes } from '../../reading.ts';
import type { StorageDialect } from '../dialect.ts';
import { runTransaction } from '../transaction.ts';
import { asUnavailable, orUnavailable } from '../unavailable.ts';
import { appendGroups } from './append.ts';
import { postgresqlFunctions } from './functions.ts';
import { makeStoppable, queryInScope } from './stoppable.ts';
import { typeParsers, useUtc } from './types.ts';
import { createWriter, LOCK_OUT_APPENDS } from './writer.ts';

const DEFAULT_READERS = 8;
/**
 * Takes the lock of a key until the end of the transaction. The seed separates these locks from
 * others.
 */
const LOCK_KEY = 'select pg_advisory_xact_lock(hashtextextended($1, 7405))';
/**
 * The net below the deadlines of operations: it ends what still runs when this process was killed.
 */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;
/** Work that waits for all appends may take longer. */
const NO_TIMEOUT = 'set local statement_timeout = 0';
const NO_BACKUPS =
  'PostgreSQL has backups of its own: use pg_dump, or continuous archiving. Telltale makes backups of SQLite files only.';

/** PostgreSQL: a pool of connections for reads and states, and a separate connection for events. */
export const postgresql: StorageDialect = {
  name: 'postgresql',

  async openStore({ url, readers = DEFAULT_READERS, transactionIdleMs, onProblem }) {
    const scopes = createReadScopes();
    // Outside of the line of reads: it cancels them, and answers probes.
    const control = new pg.Pool({ connectionString: url, max: 2, application_name: 'telltale control' });
    control.on('error', onProblem);
    const cancel = (processId: number) => control.query('select pg_cancel_backend($1)', [processId]);
    const pool = new pg.Pool({
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
        await useUtc(client);
        makeStoppable(client, { scope: scopes.current, cancel });
      },
    });
    queryInScope(pool);
    // Reports nothing: Prisma listens here as well, and the listener of each connection reports
    // that it broke.
    pool.on('error', () => {});
    const writer = createWriter(url, onProblem);
    const query = new Kysely({ dialect: new PostgresDialect({ pool: lend(pool) }) });
    const prisma = asPrismaClient(new PrismaClient({ adapter: new PrismaPg(pool) }));
    const ping = async () => {
      await control.query('select 1');
    };
    try {
      await ping();
    } catch (error) {
      await Promise.all([pool.end(), control.end()]);
      throw new StorageUnavailable(`The database does not answer: ${messageOf(error)}`, { cause: error });
    }
    return {
      dialect: 'postgresql',
      query,
      functions: postgresqlFunctions,
      prisma,
      append(groups) {
        return orUnavailable(writer.transaction((client, slot) => appendGroups(client, groups, slot)));
      },
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
      migrations: () => readApplied({ dialect: 'postgresql', query }),
      backups: async () => [],
      backUp: () => Promise.reject(new TelltaleError('CONFLICT', NO_BACKUPS)),
      reading: scopes.run,
      ping,
      async close() {
        await writer.close();
        await query.destroy();
        await prisma.$disconnect();
        await pool.end();
        await control.end();
      },
    };
  },

  async openMigrationConnection(url) {
    const client = await connect(url);
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
};

/**
 * @throws InvalidArgument for a URL that cannot work: it is not a valid URL, a required password is
 *   missing, or the certificate is wrong
 */
async function connect(url: string): Promise<pg.Client> {
  try {
    const client = new pg.Client({
      connectionString: url,
      types: typeParsers,
      application_name: 'telltale migrator',
    });
    await client.connect();
    return client;
  } catch (error) {
    if (asUnavailable(error) !== null) throw error;
    throw new InvalidArgument(
      `PostgreSQL cannot be used by this URL (${messageOf(error)}). Give one such as postgresql://user:password@localhost:5432/telltale.`,
      'DATABASE_URL',
    );
  }
}

/** Wraps the pool for Kysely, which ends its pool when it is destroyed. The store ends this one. */
function lend(pool: pg.Pool): ConstructorParameters<typeof PostgresDialect>[0]['pool'] {
  return async () => ({ connect: () => pool.connect(), end: async () => {} });
}
