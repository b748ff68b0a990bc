import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';

/** How the schema engine asks for the condition of a partial index. */
const INDEX_CONDITION = /^(SELECT sql FROM sqlite_master WHERE type = 'index' AND name = )"([^"]+)";$/;

/**
 * Prisma's adapter, for the schema engine. The engine writes the name of a partial index in double
 * quotes, which SQLite takes for a text only where it is built to: better-sqlite3's is not. Here
 * the name gets the quotes of a text.
 */
export function createSqliteAdapter(url: string): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaBetterSqlite3({ url }, { timestampFormat: 'unixepoch-ms' });
  const quoteNames = (connection: SqlDriverAdapter): SqlDriverAdapter => {
    const queryRaw = connection.queryRaw.bind(connection);
    return Object.assign(connection, {
      queryRaw: (query: Parameters<typeof queryRaw>[0]) =>
        queryRaw({ ...query, sql: query.sql.replace(INDEX_CONDITION, "$1'$2';") }),
    });
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => quoteNames(await factory.connect()),
    connectToShadowDb: async () => quoteNames(await factory.connectToShadowDb()),
  };
}
