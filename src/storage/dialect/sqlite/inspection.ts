import { statSync } from 'node:fs';
import { defined } from '../../../core/defined.ts';
import type { Inspection } from '../../inspection.ts';
import { openForInspection } from './database.ts';
import { fileOfUrl } from './location.ts';

/** Opens an SQLite file, which must exist, for reading only. */
export function openSqliteInspection(url: string): Inspection {
  const file = fileOfUrl(url);
  const connection = openForInspection(file);
  const query = (sql: string, parameters: readonly unknown[] = []): Record<string, unknown>[] =>
    connection.prepare<unknown[], Record<string, unknown>>(sql).all(parameters);
  return {
    dialect: 'sqlite',
    query: async (sql, parameters) => query(sql, parameters),
    milliseconds: (column) => column,
    instant: (milliseconds) => String(Math.trunc(milliseconds)),
    async facts() {
      const { version } = defined(query('select sqlite_version() as version')[0]);
      const log = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
      // The file system knows whether the file can be written to.
      return { version: String(version), bytes: statSync(file).size + log, now: null, readOnly: null };
    },
    cluster: async () => null,
    close: async () => void connection.close(),
  };
}
