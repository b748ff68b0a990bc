import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import { type Pass, toObjects } from '../../row-parts.ts';
import type { SqlitePool } from './pool.ts';
import type { Parameter } from './protocol.ts';
import type { Session } from './session.ts';

/**
 * Kysely on the threads of a pool. Selects run in parallel on the reading threads; everything else
 * waits for the writing thread. A transaction holds the writing thread, or one reading thread if
 * its access mode is `read only`. In a transaction, all queries see one state of the database.
 */
export function createKyselyDialect(pool: SqlitePool, pass: Pass): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(pool, pass),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * Connections cost nothing here, because the pool has the threads. In a transaction a connection
 * has a session.
 */
type Sessions = WeakMap<DatabaseConnection, Session>;

function createDriver(pool: SqlitePool, pass: Pass): Driver {
  const sessions: Sessions = new WeakMap();

  async function finish(connection: DatabaseConnection, how: 'commit' | 'rollback'): Promise<void> {
    const session = sessions.get(connection);
    sessions.delete(connection);
    await session?.finish(how);
  }
  const savepoint = (command: string) => async (connection: DatabaseConnection, name: string) => {
    await connection.executeQuery(CompiledQuery.raw(`${command} "${name}"`));
  };
  return {
    init: async () => {},
    acquireConnection: async () => createConnection(pool, sessions, pass),
    async beginTransaction(connection, settings: TransactionSettings) {
      const mode = settings.accessMode === 'read only' ? 'read' : 'write';
      sessions.set(connection, await pool.begin(mode));
    },
    commitTransaction: (connection) => finish(connection, 'commit'),
    rollbackTransaction: (connection) => finish(connection, 'rollback'),
    savepoint: savepoint('savepoint'),
    rollbackToSavepoint: savepoint('rollback to'),
    releaseSavepoint: savepoint('release'),
    releaseConnection: async () => {},
    // The store closes the pool.
    destroy: async () => {},
  };
}

function createConnection(pool: SqlitePool, sessions: Sessions, pass: Pass): DatabaseConnection {
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const statement = { kind: 'statement', sql, parameters: parameters as readonly Parameter[] } as const;
      const result = await (sessions.get(this) ?? pool).run(statement);
      return { rows: (await toObjects(result, pass)) as R[], numAffectedRows: BigInt(result.changes) };
    },
    // biome-ignore lint/correctness/useYield: it only says that it cannot
    async *streamQuery() {
      throw new Error('Streaming is not supported: read page by page, from key to key.');
    },
  };
}
