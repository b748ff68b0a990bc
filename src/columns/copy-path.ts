import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../core/thrown.ts';
import { fileOfUrl } from '../storage/dialect/sqlite/location.ts';

/** The copy is the only file that a server on PostgreSQL has. */
const BESIDE_POSTGRESQL = './data/postgresql.columns.duckdb';

/** The default file of the copy of a database: `telltale.columns.duckdb` for `telltale.db`. */
export const copyFileOf = (databaseUrl: string): string =>
  databaseUrl.startsWith('file:')
    ? `${fileOfUrl(databaseUrl).replace(/\.db$/, '')}.columns.duckdb`
    : BESIDE_POSTGRESQL;

/**
 * The folder with the data of a server: that of the SQLite database, or of the copy beside
 * PostgreSQL.
 *
 * @param copy the file of the copy; null: its default location
 */
export const folderOf = (databaseUrl: string, copy: string | null): string =>
  dirname(databaseUrl.startsWith('file:') ? fileOfUrl(databaseUrl) : (copy ?? copyFileOf(databaseUrl)));

/** Whether DuckDB's error says that another process has the file open. */
export const isLocked = (error: unknown): boolean => messageOf(error).includes('Could not set lock');

/** Where DuckDB spills data that does not fit into memory. */
export const spillFolderOf = (file: string): string => `${file}.tmp`;

/** Removes the file of a copy, its log, and whatever an interrupted statement left behind. */
export function removeCopy(file: string): void {
  for (const path of [file, `${file}.wal`, spillFolderOf(file)])
    rmSync(path, { force: true, recursive: true });
}
