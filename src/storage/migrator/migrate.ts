import { type Clock, systemClock } from '../../core/clock.ts';
import type { MigrationConnection } from '../migration-connection.ts';
import { checkMigrated, countRows, type DeclaredTable } from './check.ts';
import { databases } from './databases.ts';
import { migrationsFolder, readMigrations } from './files.ts';
import { createHistory, readHistory, recordApplied } from './history.ts';
import { type Migration, MigrationFailed } from './migration.ts';
import { planMigrations } from './plan.ts';
import { splitStatements } from './statements.ts';

export interface MigrateOptions {
  /** In order; by default the migrations of this package for the connection's database. */
  readonly migrations?: readonly Migration[];
  readonly clock?: Clock;
  /**
   * Makes a backup of a database that has tables, before it is changed, and returns its path; null
   * if it goes on without one. `null` instead of a function: the database may be lost. Without this
   * option, only an empty database is migrated.
   */
  readonly backUp?: (() => Promise<string | null>) | null;
  /** The tables that are checked at the end. Default: none. */
  readonly declared?: readonly DeclaredTable[];
  /** Called with a text for the backup, and for each migration before it is applied. */
  readonly onProgress?: (text: string) => void;
}

export interface MigrateResult {
  /** Names of the migrations that this call applied, in order. */
  readonly applied: readonly string[];
  /** Path of the backup that was made first; null if none was. */
  readonly backup: string | null;
}

const NOTHING: MigrateResult = { applied: [], backup: null };

/**
 * Migrates a database to this version's schema. All migrations, their entries in the history and
 * the checks of the result are one transaction: if anything fails, or the process is killed at any
 * moment, the database is as it was before. If several instances start at the same time, one
 * migrates and the others wait.
 *
 * @throws MigrationError if the database does not fit this version, or the result is not in order
 * @throws MigrationFailed if a statement fails
 */
export async function migrate(
  connection: MigrationConnection,
  options: MigrateOptions = {},
): Promise<MigrateResult> {
  const { migrations, onProgress = () => {} } = options;
  const available = migrations ?? (await readMigrations(migrationsFolder(connection.dialect)));
  const planned = async () => planMigrations(available, await readHistory(connection));
  if ((await planned()).length === 0) return NOTHING;

  await databases[connection.dialect].begin(connection, onProgress);
  try {
    // Another instance may have migrated the database while this one waited.
    const pending = await planned();
    const result = pending.length === 0 ? NOTHING : await applyAll(connection, pending, options);
    await connection.script('COMMIT');
    return result;
  } catch (error) {
    await rollBack(connection, error);
    throw error;
  }
}

async function applyAll(
  connection: MigrationConnection,
  pending: readonly Migration[],
  { clock = systemClock, onProgress = () => {}, backUp, declared = [] }: MigrateOptions,
): Promise<MigrateResult> {
  const tables = await databases[connection.dialect].tables(connection);
  const backup = tables.length === 0 ? null : await backUpBy(backUp);
  if (backup !== null) onProgress(`database copied to ${backup}`);
  const before = await countRows(connection, declared);
  await createHistory(connection);
  for (const migration of pending) {
    onProgress(`applying migration ${migration.name}`);
    const startedAt = clock.now();
    await runStatements(connection, migration);
    await recordApplied(connection, migration, { startedAt, finishedAt: clock.now() });
  }
  await checkMigrated(connection, declared, before);
  return { applied: pending.map(({ name }) => name), backup };
}

function backUpBy(backUp: MigrateOptions['backUp']): Promise<string | null> {
  if (backUp === undefined) throw new Error('A database that has tables is migrated only after a backup.');
  return backUp === null ? Promise.resolve(null) : backUp();
}

/**
 * If the rollback fails as well, for example because the connection broke, the error still has the
 * reason for the rollback.
 */
async function rollBack(connection: MigrationConnection, reason: unknown): Promise<void> {
  try {
    await connection.script('ROLLBACK');
  } catch (error) {
    throw new AggregateError(
      [reason, error],
      `${String(reason)} (and it could not be rolled back: ${String(error)})`,
    );
  }
}

async function runStatements(connection: MigrationConnection, migration: Migration): Promise<void> {
  for (const statement of splitStatements(migration.sql)) {
    try {
      await connection.script(statement);
    } catch (error) {
      throw new MigrationFailed(migration.name, statement, error);
    }
  }
}
