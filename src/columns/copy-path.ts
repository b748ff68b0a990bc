import { rmSync } from 'node:fs';

/** The file of the copy of a database: `telltale.db` has `telltale.columns.duckdb`. */
export const copyFileOf = (rows: string): string => `${rows.replace(/\.db$/, '')}.columns.duckdb`;

/** Removes the file of a copy and its log, if they exist. */
export function removeCopy(file: string): void {
  for (const path of [file, `${file}.wal`]) rmSync(path, { force: true });
}
