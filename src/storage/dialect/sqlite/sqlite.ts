import { Kysely } from 'kysely';
import { PrismaClient } from '../../../generated/sqlite/client.ts';
import { readApplied } from '../../migrator/applied.ts';
import { createReadScopes } from '../../reading.ts';
import type { StoredTable } from '../../store.ts';
import { createAppendRequests, toData } from '../append-request.ts';
import { carryErrors } from '../carry-errors.ts';
import type { StorageDialect } from '../dialect.ts';
import { runTransaction } from '../transaction.ts';
import { orUnavailable } from '../unavailable.ts';
import { createBackupFormat } from './backup-format.ts';
import { TABLE_OF_CELLS } from './cells.ts';
import { compactFile } from './compact.ts';
import { openForMigration } from './database.ts';
import { sqliteFunctions } from './functions.ts';
import { openSqliteInspection } from './inspection.ts';
import { createKyselyDialect } from './kysely-dialect.ts';
import { fileOfUrl } from './location.ts';
import { createPool } from './pool.ts';
import { createPrismaAdapter } from './prisma-adapter.ts';
import { createStopPoints } from './stop-points.ts';
import { createUpkeep } from './upkeep.ts';

const DEFAULT_READERS = 2;

/** SQLite: one file, used by threads of this process. */
export const sqlite: StorageDialect = {
  name: 'sqlite',

  async openStore({ url, datasets, states, pass, readers = DEFAULT_READERS, ...options }) {
    const { transactionIdleMs, onProblem, threads, clients } = options;
    const tables: readonly StoredTable[] = [...datasets, ...states];
    const scopes = createReadScopes();
    const pool = await createPool({
      file: fileOfUrl(url),
      datasets: tables.map(toData),
      readers,
      transactionIdleMs,
      onProblem,
      threads,
      pass,
      scope: scopes.current,
    });
    const toRequest = createAppendRequests(tables, pass);
    const stopPoints = createStopPoints(new Set([...tables.map(({ table }) => table), TABLE_OF_CELLS]));
    const query = new Kysely({ dialect: createKyselyDialect(pool, pass), plugins: [stopPoints] });
    const prisma = clients.take(
      carryErrors(createPrismaAdapter(pool)),
      (adapter) => new PrismaClient({ adapter }),
    );
    return {
      dialect: 'sqlite',
      query,
      functions: sqliteFunctions,
      prisma,
      async append(groups) {
        const request = await toRequest(groups);
        const fresh = await orUnavailable(pool.append(request));
        return fresh.map((parts) => ({ fresh: parts }));
      },
      // Only one transaction at a time can write, so work with other keys waits as well.
      transact: (_key, work) => runTransaction(prisma, transactionIdleMs, work),
      // The writing thread excludes other writes of this process, BEGIN IMMEDIATE those of other
      // processes.
      exclusively: (work) => query.transaction().execute(work),
      upkeep: createUpkeep(query),
      migrations: () => readApplied({ dialect: 'sqlite', query }),
      reading: scopes.run,
      scope: scopes.current,
      readEvents: (work) => work(),
      replica: null,
      isReading: scopes.isReading,
      count: scopes.count,
      instances: null,
      connections: pool.load,
      async ping() {
        await pool.run({ kind: 'statement', sql: 'select 1', parameters: [] });
      },
      async close() {
        await clients.giveBack(prisma);
        await query.destroy();
        await pool.close();
        scopes.close();
      },
    };
  },

  backupFormat: createBackupFormat,
  compact: async (url, onProgress) => compactFile(fileOfUrl(url), onProgress),

  async openMigrationConnection(url) {
    const connection = openForMigration(fileOfUrl(url));
    return {
      dialect: 'sqlite',
      async query(sql, parameters = []) {
        const statement = connection.prepare<unknown[], Record<string, unknown>>(sql);
        if (statement.reader) return statement.all(parameters);
        statement.run(parameters);
        return [];
      },
      async script(sql) {
        connection.exec(sql);
      },
      async close() {
        connection.close();
      },
    };
  },

  inspectAddresses: async () => ({ pooler: null, replica: null }),
  openInspection: async (url) => openSqliteInspection(url),
};
