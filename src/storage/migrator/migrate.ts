import { type Clock, systemClock } from '../../core/clock.ts';
import type { MigrationConnection } from '../migration-connection.ts';
import { backUp } from './backup.ts';
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
  /** Called with a text for the backup, and for each migration before it is applied. */
  readonly onProgress?: (text: string) => void;
}

export interface MigrateResult {
  /** Names of the migrations that this call applied, in order. */
  readonly applied: readonly string[];
  /** Path of the backup that was made first, if it is a SQLite database that had tables. */
  readonly backup?: string;
}

/**
 * Migrates a database to this version's schema. Each migration and its entry in the history are one
 * transaction. Instances that start at the same time apply each migration once.
 *
 * @throws MigrationError if the database does not fit this version
 * @throws MigrationFailed if a statement fails; the migrations before it stay applied
 */
export async function migrate(
  connection: MigrationConnection,
  { migrations, clock = systemClock, onProgress = () => {} }: MigrateOptions = {},
): Promise<MigrateResult> {
  const available = migrations ?? (await readMigrations(migrationsFolder(connection.dialect)));
  return databases[connection.dialect].exclusively(connection, async () => {
    const pending = planMigrations(available, await readHistory(connection));
    if (pending.length === 0) return { applied: [] };

    const backup = await backUp(connection, clock.now());
    if (backup !== undefined) onProgress(`database copied to ${backup}`);
    await createHistory(connection);
    const applied: string[] = [];
    for (const migration of pending) {
      onProgress(`applying migration ${migration.name}`);
      if (await apply(connection, migration, clock)) applied.push(migration.name);
    }
    return backup === undefined ? { applied } : { applied, backup };
  });
}

/** @returns false if another instance has applied the migration since the plan was made. */
async function apply(connection: MigrationConnection, migration: Migration, clock: Clock): Promise<boolean> {
  const startedAt = clock.now();
  await connection.script(databases[connection.dialect].begin);
  try {
    const isStillPending = planMigrations([migration], await historyOf(connection, migration)).length > 0;
    if (isStillPending) {
      await runStatements(connection, migration);
      await recordApplied(connection, migration, { startedAt, finishedAt: clock.now() });
    }
    await connection.script('COMMIT');
    return isStillPending;
  } catch (error) {
    await rollBack(connection, error);
    throw error;
  }
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

async function historyOf(connection: MigrationConnection, migration: Migration) {
  const history = await readHistory(connection);
  return history.filter((applied) => applied.name === migration.name);
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
