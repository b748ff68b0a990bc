import { InvalidArgument } from '../core/errors.ts';
import type { StorageDialect, StoreOptions } from './dialect/dialect.ts';
import { postgresql } from './dialect/postgresql/postgresql.ts';
import { sqlite } from './dialect/sqlite/sqlite.ts';
import type { MigrationConnection } from './migration-connection.ts';
import type { Store } from './store.ts';

export type { StoreOptions } from './dialect/dialect.ts';

const DIALECTS: readonly StorageDialect[] = [sqlite, postgresql];
const DEFAULT_TRANSACTION_IDLE_MS = 10_000;

/** The database of a URL. @throws InvalidArgument when it is none that we know. */
function dialectOf(url: string): StorageDialect {
  const dialect = DIALECTS.find((candidate) => candidate.accepts(url));
  if (dialect !== undefined) return dialect;
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? 'no scheme';
  throw new InvalidArgument(
    `A database URL with ${scheme} is not supported: use file:./data/telltale.db or postgresql://user@host/database.`,
    'DATABASE_URL',
  );
}

/**
 * Opens the store on a migrated database.
 *
 * @throws InvalidArgument for a URL of no known database, StorageUnavailable when the database cannot be reached.
 */
export function createStore({
  transactionIdleMs = DEFAULT_TRANSACTION_IDLE_MS,
  onProblem = (error) => process.emitWarning(error),
  ...options
}: StoreOptions): Promise<Store> {
  return dialectOf(options.url).openStore({ ...options, transactionIdleMs, onProblem });
}

/**
 * Connects for the migrator; on SQLite the file is created where there is none.
 *
 * @throws InvalidArgument for a URL of no known database.
 */
export function openMigrationConnection(url: string): Promise<MigrationConnection> {
  return dialectOf(url).openMigrationConnection(url);
}
