import { openMigrationConnection } from '../../../src/storage/create-store.ts';
import { migrationsFolder, readMigrations } from '../../../src/storage/migrator/files.ts';
import { migrate } from '../../../src/storage/migrator/migrate.ts';
import { uuidOf } from '../../support/events.ts';

/** The number of migrations of the version that created it. */
const MIGRATIONS = 5;

/** Creates a database of an old version, with some rows, and returns its URL. */
export async function oldDatabase(url: string, rows = 100): Promise<string> {
  const connection = await openMigrationConnection(url);
  try {
    const migrations = await readMigrations(migrationsFolder(connection.dialect));
    await migrate(connection, { migrations: migrations.slice(0, MIGRATIONS) });
    const time = connection.dialect === 'sqlite' ? '1700000000000' : 'now()';
    const values = Array.from(
      { length: rows },
      (_, index) => `('default', '${uuidOf(index)}', ${time}, ${time}, 'TimeoutError', 'slow', 'ERROR', 'f')`,
    );
    await connection.script(
      `insert into error_logs (project_id, id, timestamp, received_at, error_type, error_message, severity, fingerprint) values ${values.join(', ')}`,
    );
  } finally {
    await connection.close();
  }
  return url;
}
