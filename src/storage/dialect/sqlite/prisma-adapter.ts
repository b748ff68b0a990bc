import {
  DriverAdapterError,
  type IsolationLevel,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
  type SqlQuery,
  type SqlQueryable,
  type SqlResultSet,
  type Transaction,
} from '@prisma/driver-adapter-utils';
import type { SqlitePool } from './pool.ts';
import { toPrismaError } from './prisma-errors.ts';
import { columnTypes, fromSqlite, toSqlite } from './prisma-values.ts';
import type { StatementRequest, StatementResult } from './protocol.ts';

const ADAPTER = { provider: 'sqlite', adapterName: 'telltale-sqlite-threads' } as const;
/** SQLite's limit (SQLITE_MAX_VARIABLE_NUMBER). Prisma splits longer lists. */
const MAX_BIND_VALUES = 32_766;

/**
 * Prisma on the threads of a pool. Reads run in parallel on the reading threads, writes wait for
 * the writing thread, and an interactive transaction holds that thread until it ends.
 */
export function createPrismaAdapter(pool: SqlitePool): SqlDriverAdapterFactory {
  const adapter: SqlDriverAdapter = {
    ...createQueryable(pool),
    executeScript: (script) => translated(pool.script(script)),
    startTransaction: (level) => startTransaction(pool, level),
    getConnectionInfo: () => ({ supportsRelationJoins: false, maxBindValues: MAX_BIND_VALUES }),
    // The store closes the pool.
    dispose: async () => {},
  };
  return { ...ADAPTER, connect: async () => adapter };
}

async function startTransaction(pool: SqlitePool, level: IsolationLevel | undefined): Promise<Transaction> {
  if (level !== undefined && level !== 'SERIALIZABLE') {
    throw new DriverAdapterError({ kind: 'InvalidIsolationLevel', level });
  }
  const session = await translated(pool.begin('write'));
  const savepoint = async (command: string, name: string): Promise<void> => {
    await translated(session.run({ kind: 'statement', sql: `${command} "${name}"`, parameters: [] }));
  };
  return {
    ...createQueryable(session),
    // With this option Prisma sends no COMMIT and ROLLBACK itself.
    options: { usePhantomQuery: true },
    commit: () => translated(session.finish('commit')),
    rollback: () => translated(session.finish('rollback')),
    createSavepoint: (name) => savepoint('savepoint', name),
    rollbackToSavepoint: (name) => savepoint('rollback to', name),
    releaseSavepoint: (name) => savepoint('release', name),
  };
}

interface Runner {
  run(statement: StatementRequest): Promise<StatementResult>;
}

/** The part of an adapter that runs single statements. */
export function createQueryable(runner: Runner): SqlQueryable {
  const run = ({ sql, args, argTypes }: SqlQuery): Promise<StatementResult> => {
    const parameters = args.map((argument, index) => toSqlite(argument, argTypes[index]));
    return translated(runner.run({ kind: 'statement', sql, parameters, typed: true }));
  };
  return {
    ...ADAPTER,
    async queryRaw(query): Promise<SqlResultSet> {
      const { columns, types = [], rows } = await run(query);
      const prismaTypes = columnTypes(types, rows);
      return {
        columnNames: [...columns],
        columnTypes: prismaTypes,
        rows: rows.map((row) => row.map((value, index) => fromSqlite(value, prismaTypes[index]))),
      };
    },
    async executeRaw(query) {
      const { rows, changes } = await run(query);
      return rows.length > 0 ? rows.length : changes;
    },
  };
}

async function translated<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw toPrismaError(error);
  }
}
