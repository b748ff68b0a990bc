import { expect, it } from 'vitest';
import { searchSql } from '../../scripts/migrations/search-sql.ts';
import { searchedTable } from '../../src/core/search/searched-state.ts';
import { states } from '../../src/declarations/registry.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import type { Dialect } from '../../src/storage/store.ts';
import { describeEachDatabase } from '../support/databases.ts';

/**
 * The text that determines which columns the index of a table contains: its own definition, or the
 * function that follows the table.
 */
const DEFINITION: Readonly<Record<Dialect, (table: string) => string>> = {
  sqlite: (table) => `select sql as text from sqlite_schema where name = '${table}_search_words'`,
  postgresql: (table) => `select prosrc as text from pg_proc where proname = '${table}_search_follow'`,
};

const searched = states.filter((state) => state.searched !== undefined).map(searchedTable);

describeEachDatabase('the search index', (database) => {
  // Fails if the columns of a state's search change without a migration of `dropSearchSql` and
  // `searchSql`.
  it.each(searched)('of $table is the one that its state declares', async (table) => {
    const connection = await openMigrationConnection(await database.createUrl());
    try {
      await migrate(connection);
      const [definition] = await connection.query(DEFINITION[database.dialect](table.table));
      expect(definition?.['text']).toEqual(expect.stringContaining(`"${table.columns[0]?.name}"`));
      expect(searchSql(database.dialect, [table])).toContain(definition?.['text']);
    } finally {
      await connection.close();
    }
  });
});
