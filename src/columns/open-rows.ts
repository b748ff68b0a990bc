import { fileOfUrl } from '../storage/dialect/sqlite/location.ts';
import type { RowSource } from './row-source.ts';

/** Opens the database of a URL for the copy. Loads only what that database needs. */
export async function openRows(databaseUrl: string): Promise<RowSource> {
  if (!databaseUrl.startsWith('file:')) {
    return (await import('./postgresql-rows.ts')).openPostgresqlRows(databaseUrl);
  }
  return (await import('./sqlite-rows.ts')).openSqliteRows(fileOfUrl(databaseUrl));
}
