import { afterAll, beforeAll } from 'vitest';
import { searchSql } from '../../../scripts/migrations/search-sql.ts';
import { parseSearchQuery } from '../../../src/core/search/search-query.ts';
import type { SearchedTable } from '../../../src/core/search/searched-table.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { createStore, openMigrationConnection } from '../../../src/storage/create-store.ts';
import { migrationsFolder, readMigrations } from '../../../src/storage/migrator/files.ts';
import { migrate } from '../../../src/storage/migrator/migrate.ts';
import { bestFirst, searchRows } from '../../../src/storage/search.ts';
import type { Store } from '../../../src/storage/store.ts';
import type { TestDatabase } from '../../support/databases.ts';
import { keptClients } from '../../support/kept-clients.ts';
import { keptThreads } from '../../support/kept-threads.ts';

/** A table in the style of the models, for tests only. */
export const notes: SearchedTable = {
  table: 'notes',
  columns: [
    { name: 'name', weight: 'A' },
    { name: 'description', weight: 'B' },
    { name: 'body', weight: 'C' },
  ],
};

export interface Note {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly description: string | null;
  readonly body: string;
}

/** A note with its own id in the project `default`. */
export function note(id: number, values: Partial<Note> = {}): Note {
  const uuid = `01981234-5678-7abc-8def-${String(id).padStart(12, '0')}`;
  return { id: uuid, project_id: 'default', name: '', description: null, body: '', ...values };
}

/**
 * The store of a database that also has the table `notes`, created by a migration. It is closed
 * after the tests of the body.
 */
export function useNotes(database: TestDatabase, before = ''): () => Store {
  let store: Store | undefined;
  beforeAll(async () => {
    const url = await database.createUrl();
    const connection = await openMigrationConnection(url);
    const id = database.dialect === 'postgresql' ? 'uuid' : 'text';
    const table = `CREATE TABLE notes (project_id text NOT NULL, id ${id} NOT NULL, name text NOT NULL,
      description text, body text NOT NULL, views integer NOT NULL DEFAULT 0, PRIMARY KEY (project_id, id));\n`;
    const sql = table + before + searchSql(database.dialect, [notes]);
    const own = await readMigrations(migrationsFolder(database.dialect));
    await migrate(connection, { migrations: [...own, { name: '9999_notes', sql }] });
    await connection.close();
    store = await createStore({ url, datasets, threads: keptThreads, clients: keptClients });
  });
  afterAll(() => store?.close());
  return () => {
    if (store === undefined) throw new Error('The store is opened before the tests.');
    return store;
  };
}

/** The ids of the rows that a query finds, best first. */
export async function find(store: Store, query: string, projectId = 'default'): Promise<string[]> {
  const rows = searchRows(store, {
    searched: notes,
    projectId,
    terms: parseSearchQuery(query, 'query'),
  }).select('id');
  return (await bestFirst(rows).execute()).map((row) => String(row['id']));
}
