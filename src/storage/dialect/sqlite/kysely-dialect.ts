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
import type { SqlitePool } from './pool.ts';
import type { Parameter, StatementResult } from './protocol.ts';
import type { Session } from './session.ts';

/**
 * Kysely on the threads of a pool. Selects run in parallel on the reading threads; everything else
 * waits for the writing thread. A transaction holds the writing thread, or one reading thread if
 * its access mode is `read only`. In a transaction, all queries see one state of the database.
 */
export function createKyselyDialect(pool: SqlitePool): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(pool),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * Connections cost nothing here, because the pool has the threads. In a transaction a connection has
 * a session.
 */
type Sessions = WeakMap<DatabaseConnection, Session>;

function createDriver(pool: SqlitePool): Driver {
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
    acquireConnection: async () => createConnection(pool, sessions),
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

function createConnection(pool: SqlitePool, sessions: Sessions): DatabaseConnection {
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const statement = { kind: 'statement', sql, parameters: parameters as readonly Parameter[] } as const;
      const result = await (sessions.get(this) ?? pool).run(statement);
      return { rows: toObjects(result) as R[], numAffectedRows: BigInt(result.changes) };
    },
    // biome-ignore lint/correctness/useYield: it only says that it cannot
    async *streamQuery() {
      throw new Error('Streaming is not supported: read page by page, from key to key.');
    },
  };
}

/**
 * Makes objects of rows. Threads send rows as arrays, which is cheaper than objects that each
 * repeat the column names.
 */
function toObjects({ columns, rows }: StatementResult): Record<string, unknown>[] {
  return rows.map((row) => {
    const object: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index++) object[columns[index] as string] = row[index];
    return object;
  });
}
