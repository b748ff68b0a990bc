import { rmSync } from 'node:fs';

/** The file of the copy of a database: `telltale.db` has `telltale.columns.duckdb`. */
export const copyFileOf = (rows: string): string => `${rows.replace(/\.db$/, '')}.columns.duckdb`;

/** Where DuckDB writes what does not fit into memory. */
export const spillFolderOf = (file: string): string => `${file}.tmp`;

/** Removes the file of a copy, its log, and what a statement left that was cut off. */
export function removeCopy(file: string): void {
  for (const path of [file, `${file}.wal`, spillFolderOf(file)])
    rmSync(path, { force: true, recursive: true });
}
