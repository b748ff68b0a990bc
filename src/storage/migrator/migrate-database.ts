import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { readRoom } from '../../core/disk-room.ts';
import { TelltaleError } from '../../core/errors.ts';
import type { Backup } from '../backups/backup.ts';
import type { Backups } from '../backups/backups.ts';
import { BackupToolMissing } from '../backups/errors.ts';
import { openMigrationConnection } from '../create-store.ts';
import { distributeTables } from '../dialect/postgresql/citus/distribute.ts';
import type { MigrationConnection } from '../migration-connection.ts';
import type { Dialect } from '../store.ts';
import { type DeclaredTable, expectTables } from './check.ts';
import { databases } from './databases.ts';
import { migrationsFolder, readMigrations } from './files.ts';
import { readHistory } from './history.ts';
import { type MigrateResult, migrate } from './migrate.ts';
import { DatabaseRefused, type Migration, MigrationError } from './migration.ts';
import { planMigrations } from './plan.ts';

/**
 * `required`: nothing is migrated without a backup. `wanted`: without a backup only if no program
 * is installed that could make one. `off`: without a backup.
 */
export type BackupPolicy = 'required' | 'wanted' | 'off';

export interface MigratedDatabase {
  readonly databaseUrl: string;
  readonly backups: Backups;
  readonly policy: BackupPolicy;
  readonly clock: Clock;
  readonly declared: readonly DeclaredTable[];
  readonly onProgress: (text: string) => void;
}

/** Migrates the database of a server, with a backup before and checks after. */
export async function migrateDatabase(
  options: MigratedDatabase,
): Promise<MigrateResult & { readonly dialect: Dialect; readonly migrations: readonly string[] }> {
  const { databaseUrl, declared, backups, clock, onProgress } = options;
  const connection = await openMigrationConnection(databaseUrl);
  const migrations = await readMigrations(migrationsFolder(connection.dialect));
  try {
    const backUp = () => backUpFirst(options);
    const result = await migrate(connection, { migrations, clock, declared, backUp, onProgress });
    await expectTables(connection, declared);
    await distributeTables(connection, declared, onProgress);
    return { ...result, dialect: connection.dialect, migrations: migrations.map(({ name }) => name) };
  } catch (error) {
    if (!(error instanceof DatabaseRefused)) throw error;
    throw new MigrationError(`${error.message} ${await adviceFrom(backups, migrations)}`, { cause: error });
  } finally {
    await connection.close();
  }
}

async function backUpFirst({ backups, policy, onProgress }: MigratedDatabase): Promise<string | null> {
  if (policy === 'off') return null;
  try {
    return (await backups.make({ reason: 'MIGRATION' })).path;
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error;
    if (policy === 'wanted' && error instanceof BackupToolMissing) {
      onProgress(`${error.message} The migration continues without a backup`);
      return null;
    }
    throw new MigrationError(
      `${error.message} The database needs a migration, which does not run without a backup. ` +
        'To run it without: telltale migrate --no-backup, or MIGRATION_BACKUP=off.',
      { cause: error },
    );
  }
}

/** Which backup one could restore for this version, and how. */
async function adviceFrom(backups: Backups, migrations: readonly Migration[]): Promise<string> {
  const known = new Set(migrations.map(({ name }) => name));
  const fits = ({ manifest, state }: Backup): boolean =>
    state === 'VERIFIED' && manifest !== null && manifest.migrations.every((name) => known.has(name));
  const newest = (await backups.list()).find(fits);
  if (newest === undefined) return `No backup for this version is in ${backups.folders.join(' or ')}.`;
  const time = new Date(newest.createdAt).toISOString();
  return `The newest backup for this version is of ${time}: stop every server, then run telltale restore ${newest.name}`;
}

/** What a migration would do. */
export interface MigrationPreview {
  /** Names of the migrations, in order. */
  readonly pending: readonly string[];
  /** Null if none would be made: nothing is pending, or the database is empty. */
  readonly backup: BackupPreview | null;
}

interface BackupPreview {
  readonly folder: string;
  /** The size of the database: the backup has at most this many bytes. */
  readonly bytes: number;
  /** Free space in the file system of the folder; null if that reports no size. */
  readonly freeBytes: number | null;
  /** Why it could not be made; null if nothing is known to prevent it. */
  readonly problem: string | null;
}

/** Says what `migrateDatabase` would do. Changes nothing, and creates no database. */
export async function previewMigration({
  databaseUrl,
  backups,
}: Pick<MigratedDatabase, 'databaseUrl' | 'backups'>): Promise<MigrationPreview> {
  const { format } = backups;
  const available = await readMigrations(migrationsFolder(format.dialect));
  const bytes = await format.bytes();
  if (bytes === null) return { pending: available.map(({ name }) => name), backup: null };
  const connection = await openMigrationConnection(databaseUrl);
  try {
    const pending = planMigrations(available, await readHistory(connection)).map(({ name }) => name);
    const needsBackup = pending.length > 0 && (await holdsTables(connection));
    return { pending, backup: needsBackup ? await previewBackup(backups, bytes) : null };
  } finally {
    await connection.close();
  }
}

const holdsTables = async (connection: MigrationConnection): Promise<boolean> =>
  (await databases[connection.dialect].tables(connection)).length > 0;

async function previewBackup({ format, folders }: Backups, bytes: number): Promise<BackupPreview> {
  const [folder = '', fallback] = folders;
  const existing = await nearestExisting(folder);
  const freeBytes = readRoom(await statfs(existing))?.freeBytes ?? null;
  const problem =
    (await toolProblem(format)) ??
    (!(await isWritableFolder(existing))
      ? `It cannot be written: the backup would go to ${fallback}.`
      : null) ??
    (freeBytes !== null && freeBytes < bytes ? 'It may not have enough space.' : null);
  return { folder, bytes, freeBytes, problem };
}

function toolProblem(format: Backups['format']): Promise<string | null> {
  return format.expectTools().then(
    () => null,
    (error: unknown) => {
      if (error instanceof BackupToolMissing) return error.message;
      throw error;
    },
  );
}

/** The folder, or the nearest existing one above it. */
async function nearestExisting(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found !== null || dirname(path) === path ? path : nearestExisting(dirname(path));
}

async function isWritableFolder(path: string): Promise<boolean> {
  const isWritable = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
  return isWritable && (await stat(path)).isDirectory();
}
