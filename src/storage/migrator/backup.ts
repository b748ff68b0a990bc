import { BackupFailed, writeBackup } from '../backups.ts';
import type { MigrationConnection } from '../migration-connection.ts';
import { MigrationError } from './migration.ts';

/**
 * Copies a SQLite database that already has tables to `backups/<file>.<time>.backup` beside it,
 * before it is changed. The copy is a consistent and compact database.
 *
 * @param now epoch milliseconds
 * @returns the path of the copy; undefined if the database has no tables, and on PostgreSQL, which
 *   has its own backups
 * @throws MigrationError if the copy cannot be made
 */
export async function backUp(connection: MigrationConnection, now: number): Promise<string | undefined> {
  if (connection.dialect !== 'sqlite') return undefined;
  const tables = await connection.query(
    `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_prisma_migrations' LIMIT 1`,
  );
  const [main] = await connection.query(`SELECT file FROM pragma_database_list WHERE name = 'main'`);
  const file = String(main?.file ?? '');
  if (tables.length === 0 || file === '') return undefined;
  try {
    return await writeBackup(file, now, (path) => connection.query('VACUUM INTO ?', [path]));
  } catch (error) {
    if (!(error instanceof BackupFailed)) throw error;
    throw new MigrationError(
      `${error.message} The database needs a migration, which does not run without a backup.`,
      {
        cause: error,
      },
    );
  }
}
