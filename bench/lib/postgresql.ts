import type { PostgresqlServer } from '../../scripts/databases/postgresql-server.ts';
import { fromSource } from './paths.ts';

/** The URL of a new database with Telltale's tables and indexes. */
export async function createMigrated(server: PostgresqlServer): Promise<string> {
  const { openMigrationConnection } =
    await fromSource<typeof import('../../src/storage/create-store.ts')>('storage/create-store.ts');
  const { migrate } = await fromSource<typeof import('../../src/storage/migrator/migrate.ts')>(
    'storage/migrator/migrate.ts',
  );
  const url = await server.createDatabase();
  const connection = await openMigrationConnection(url);
  try {
    await migrate(connection);
  } finally {
    await connection.close();
  }
  return url;
}
