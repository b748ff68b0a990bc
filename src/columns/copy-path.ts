import { rmSync } from 'node:fs';
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

/** Whether another process has the file open, by the error of DuckDB. */
export const isLocked = (error: unknown): boolean => messageOf(error).includes('Could not set lock');

/** Where DuckDB writes what does not fit into memory. */
export const spillFolderOf = (file: string): string => `${file}.tmp`;

/** Removes the file of a copy, its log, and what a statement left that was cut off. */
export function removeCopy(file: string): void {
  for (const path of [file, `${file}.wal`, spillFolderOf(file)])
    rmSync(path, { force: true, recursive: true });
}
