import { InvalidArgument } from '../core/errors.ts';
import type { AddressFacts, DatabaseAddresses } from './addresses.ts';
import type { BackupFormat } from './backups/format.ts';
import type { Compaction, CompactionProgress } from './compaction.ts';
import { newClients } from './dialect/client-source.ts';
import type { StorageDialect, StoreOptions } from './dialect/dialect.ts';
import type { Inspection } from './inspection.ts';
import type { MigrationConnection } from './migration-connection.ts';
import type { Store } from './store.ts';

export type { StoreOptions } from './dialect/dialect.ts';

/**
 * Loads only the code for the database in use, because the drivers take a large part of the startup
 * time.
 */
const DIALECTS: readonly { readonly url: RegExp; load(): Promise<StorageDialect> }[] = [
  { url: /^file:/, load: async () => (await import('./dialect/sqlite/sqlite.ts')).sqlite },
  {
    url: /^postgres(?:ql)?:\/\//,
    load: async () => (await import('./dialect/postgresql/postgresql.ts')).postgresql,
  },
];
const DEFAULT_TRANSACTION_IDLE_MS = 10_000;

/**
 * The dialect for a URL.
 *
 * @throws InvalidArgument if the URL is of no known database.
 */
async function dialectOf(url: string): Promise<StorageDialect> {
  const dialect = DIALECTS.find((candidate) => candidate.url.test(url));
  if (dialect !== undefined) return dialect.load();
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? 'no scheme';
  throw new InvalidArgument(
    `A database URL with ${scheme} is not supported: use file:./data/telltale.db or postgresql://user@host/database.`,
    'DATABASE_URL',
  );
}

/**
 * Opens the store on a migrated database.
 *
 * @throws InvalidArgument for a URL of no known database
 * @throws StorageUnavailable if the database cannot be reached
 */
export async function createStore({
  states = [],
  transactionIdleMs = DEFAULT_TRANSACTION_IDLE_MS,
  pass = async () => undefined,
  onProblem = (error) => process.emitWarning(error),
  clients = newClients,
  ...options
}: StoreOptions): Promise<Store> {
  const dialect = await dialectOf(options.url);
  return dialect.openStore({ ...options, states, transactionIdleMs, pass, onProblem, clients });
}

/**
 * Connects for the migrator. On SQLite, creates the file if it does not exist.
 *
 * @throws InvalidArgument for a URL of no known database.
 */
export async function openMigrationConnection(url: string): Promise<MigrationConnection> {
  return (await dialectOf(url)).openMigrationConnection(url);
}

/**
 * Connects for reading only, whatever the state of the schema.
 *
 * @throws InvalidArgument for a URL of no known database, and the error of a driver if the database
 *   cannot be opened. On SQLite the file must exist.
 */
export async function openInspection(url: string): Promise<Inspection> {
  return (await dialectOf(url)).openInspection(url);
}

/**
 * Checks a pooler and a replica of a database. Their problems are part of the answer.
 *
 * @throws InvalidArgument for a URL of no known database.
 */
export async function inspectAddresses(addresses: DatabaseAddresses): Promise<AddressFacts> {
  return (await dialectOf(addresses.databaseUrl)).inspectAddresses(addresses);
}

/**
 * How backups of a database are made.
 *
 * @param pgDump the path of pg_dump, which makes backups of PostgreSQL; null: the one in PATH
 * @throws InvalidArgument for a URL of no known database.
 */
export async function openBackupFormat(url: string, pgDump: string | null = null): Promise<BackupFormat> {
  return (await dialectOf(url)).backupFormat(url, pgDump);
}

/**
 * Gives back the space of removed rows: on SQLite to the disk, where nobody else may have the
 * database open; otherwise to PostgreSQL.
 *
 * @throws TelltaleError CONFLICT if others have the database open, or if there is not enough room
 * @throws InvalidArgument for a URL of no known database
 */
export async function compactDatabase(url: string, onProgress: CompactionProgress): Promise<Compaction> {
  return (await dialectOf(url)).compact(url, onProgress);
}
