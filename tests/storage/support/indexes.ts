import { sql } from 'kysely';
import type { Store } from '../../../src/storage/store.ts';

/** The columns of each index of a table, in order. */
export async function indexesOf(
  { dialect, query }: Pick<Store, 'dialect' | 'query'>,
  table: string,
): Promise<readonly string[]> {
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
  return (await statement.execute(query)).rows.map(({ columns }) => columns);
}
