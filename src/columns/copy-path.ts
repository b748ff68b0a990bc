import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../core/thrown.ts';
import { fileOfUrl } from '../storage/dialect/sqlite/location.ts';

/** A server on PostgreSQL has no other file of its own. */
const BESIDE_POSTGRESQL = './data/postgresql.columns.duckdb';

/**
 * The file of the copy of a database, unless another is given: `telltale.db` has
 * `telltale.columns.duckdb`.
 */
export const copyFileOf = (databaseUrl: string): string =>
  databaseUrl.startsWith('file:')
    ? `${fileOfUrl(databaseUrl).replace(/\.db$/, '')}.columns.duckdb`
    : BESIDE_POSTGRESQL;

/**
 * The folder with the data of a server: of the SQLite database, or of the copy beside PostgreSQL.
 *
 * @param copy the file of the copy; null: where it is by default
 */
export const folderOf = (databaseUrl: string, copy: string | null): string =>
  dirname(databaseUrl.startsWith('file:') ? fileOfUrl(databaseUrl) : (copy ?? copyFileOf(databaseUrl)));

/** Whether another process has the file open, by the error of DuckDB. */
export const isLocked = (error: unknown): boolean => messageOf(error).includes('Could not set lock');

/** Where DuckDB writes what does not fit into memory. */
export const spillFolderOf = (file: string): string => `${file}.tmp`;

/** Removes the file of a copy, its log, and what a statement left that was cut off. */
export function removeCopy(file: string): void {
  for (const path of [file, `${file}.wal`, spillFolderOf(file)])
    rmSync(path, { force: true, recursive: true });
}
