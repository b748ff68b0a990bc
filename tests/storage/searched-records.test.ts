import { expect, it } from 'vitest';
import { searchedTable } from '../../src/core/search/searched-record.ts';
import { indexedCharacters } from '../../src/core/search/searched-table.ts';
import { records } from '../../src/registry.ts';
import { openMigrationConnection } from '../../src/storage/create-store.ts';
import { migrate } from '../../src/storage/migrator/migrate.ts';
import type { Dialect } from '../../src/storage/store.ts';
import { describeEachDatabase } from '../support/databases.ts';

/** The SQL that made the index of a table: on SQLite its columns, on PostgreSQL the function of its trigger. */
const MADE_BY: Readonly<Record<Dialect, (table: string) => string>> = {
  sqlite: (table) => `select sql as text from sqlite_schema where name = '${table}_search'`,
  postgresql: (table) => `select prosrc as text from pg_proc where proname = '${table}_search_follow'`,
};

const searched = records.filter((record) => record.searched !== undefined).map(searchedTable);

describeEachDatabase('the search index', (database) => {
  it.each(searched)('of $table holds the columns that its record declares, in their order', async (table) => {
    const connection = await openMigrationConnection(await database.createUrl());
    try {
      await migrate(connection);
      const [made] = await connection.query(MADE_BY[database.dialect](table.table));
      const text = String(made?.['text']);
      const indexed =
        database.dialect === 'sqlite'
          ? /"key", (.*),$/m.exec(text)?.[1]
          : [...text.matchAll(/left\(coalesce\(NEW\.("\w+"), ''\), (\d+)\), '(\w)'\)/g)]
              .map(([, name, characters, weight]) => `${name} ${characters} ${weight}`)
              .join(', ');
      const declared = table.columns.map(({ name, weight }) =>
        database.dialect === 'sqlite' ? `"${name}"` : `"${name}" ${indexedCharacters(table)} ${weight}`,
      );
      expect(indexed).toBe(declared.join(', '));
    } finally {
      await connection.close();
    }
  });
});
