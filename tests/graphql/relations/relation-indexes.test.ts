import { isObjectType } from 'graphql';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { SeeksRows } from '../../../src/graphql/relations/relation-to-many.ts';
import { createSchema } from '../../../src/schema.ts';
import type { Store } from '../../../src/storage/store.ts';
import { useStores } from '../../storage/support/stores.ts';
import { describeEachDatabase } from '../../support/databases.ts';

/** The keys of the relations to many rows. */
function soughtRows(): SeeksRows['telltaleSeeks'][] {
  const objects = Object.values(createSchema().getTypeMap()).filter(isObjectType);
  return objects
    .flatMap((type) => Object.values(type.getFields()))
    .flatMap(({ extensions }) => (extensions as Partial<SeeksRows>).telltaleSeeks ?? []);
}

/** The columns of each index of a table, in order. */
async function indexesOf(store: Store, dialect: string, table: string): Promise<readonly string[]> {
  const statement =
    dialect === 'sqlite'
      ? sql<{
          columns: string;
        }>`select (select group_concat(name) from (select name from pragma_index_info(list.name) order by seqno)) as columns
          from pragma_index_list(${table}) as list`
      : sql<{
          columns: string;
        }>`select string_agg(a.attname, ',' order by a.attnum) as columns from pg_index as i
          join pg_attribute as a on a.attrelid = i.indexrelid where i.indrelid = ${table}::regclass group by i.indexrelid`;
  return (await statement.execute(store.query)).rows.map(({ columns }) => columns);
}

describeEachDatabase('relations to many rows', (database) => {
  const stores = useStores(database);

  it('have an index on project, key and time, which finds the first pages of many parents', async () => {
    const store = await stores.open();
    const sought = soughtRows();
    expect(sought.length).toBeGreaterThan(10);
    for (const { table, columns } of sought) {
      const wanted = ['project_id', ...columns].join(',');
      const indexes = await indexesOf(store, database.dialect, table);
      expect(
        indexes.some((index) => index === wanted || index.startsWith(`${wanted},`)),
        `${table}: ${wanted}; there are ${indexes.join(' and ')}`,
      ).toBe(true);
    }
  });
});
