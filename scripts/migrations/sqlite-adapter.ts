import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { openForMigration } from '../../src/storage/dialect/sqlite/database.ts';
import { createQueryable } from '../../src/storage/dialect/sqlite/prisma-adapter.ts';
import type { StatementRequest, StatementResult } from '../../src/storage/dialect/sqlite/protocol.ts';
import { createStatementRunner } from '../../src/storage/dialect/sqlite/statements.ts';

/** How the schema engine reads the condition of a partial index. */
const INDEX_CONDITION = /^(SELECT sql FROM sqlite_master WHERE type = 'index' AND name = )"([^"]+)";$/;

/**
 * An adapter for the schema engine, on a connection of this thread. The engine puts the name of a
 * partial index in double quotes, which SQLite treats as a text only if compiled to do so. Ours is
 * not, so this replaces them by single quotes.
 */
export function createSqliteAdapter(url: string): SqlMigrationAwareDriverAdapterFactory {
  const kind = { provider: 'sqlite', adapterName: 'telltale-sqlite' } as const;
  const connect = async (): Promise<SqlDriverAdapter> => {
    const connection = openForMigration(url.replace(/^file:/, ''));
    const runner = createStatementRunner(connection);
    const run = async ({ sql, ...rest }: StatementRequest): Promise<StatementResult> => {
      const result = runner.run({ ...rest, sql: sql.replace(INDEX_CONDITION, "$1'$2';") });
      if ('writes' in result) throw new Error(`The connection only reads, and this writes: ${sql}`);
      return result;
    };
    return {
      ...createQueryable({ run }),
      executeScript: async (script) => void connection.exec(script),
      startTransaction: () => Promise.reject(new Error('The schema engine sends its transactions as SQL.')),
      dispose: async () => void connection.close(),
    };
  };
  return {
    ...kind,
    connect,
    connectToShadowDb: () => Promise.reject(new Error('There is no shadow database.')),
  };
}
