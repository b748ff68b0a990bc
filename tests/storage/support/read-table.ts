import type { MigrationConnection } from '../../../src/storage/migration-connection.ts';
import type { Dialect } from '../../../src/storage/store.ts';

/** A column of a table, or a field of a model. */
export interface Described {
  readonly name: string;
  /** Its type, as the database or Prisma names it. */
  readonly type: string;
  readonly optional: boolean;
}

/** A table in the database. */
export interface FoundTable {
  /** Empty if the table does not exist. */
  readonly columns: readonly Described[];
  readonly primaryKey: readonly string[];
  /** The columns of each index, including the primary key. */
  readonly indexes: readonly (readonly string[])[];
}

const COLUMNS: Readonly<Record<Dialect, (table: string) => string>> = {
  sqlite: (table) =>
    `select name, lower(type) as type, "notnull" = 0 as optional from pragma_table_info('${table}')`,
  postgresql: (table) =>
    `select column_name as name, data_type as type, is_nullable = 'YES' as optional
     from information_schema.columns where table_schema = current_schema() and table_name = '${table}'`,
};

/** One row per column of an index; expressions have no name. */
const INDEXES: Readonly<Record<Dialect, (table: string) => string>> = {
  sqlite: (table) =>
    `select list.name as "index", list.origin = 'pk' as "primary", info.name as name
     from pragma_index_list('${table}') as list, pragma_index_info(list.name) as info
     order by list.name, info.seqno`,
  postgresql: (table) =>
    `select i.indexrelid::text as "index", i.indisprimary as "primary", a.attname as name
     from pg_index i
     cross join lateral unnest(i.indkey) with ordinality as k (attnum, position)
     left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
     where i.indrelid = to_regclass('${table}')
     order by i.indexrelid, k.position`,
};

export async function readTable(connection: MigrationConnection, table: string): Promise<FoundTable> {
  const columns = await connection.query(COLUMNS[connection.dialect](table));
  const parts = await connection.query(INDEXES[connection.dialect](table));
  const indexes = new Map<unknown, string[]>();
  for (const { index, name } of parts) indexes.set(index, [...(indexes.get(index) ?? []), String(name)]);
  return {
    columns: columns.map(({ name, type, optional }) => ({
      name: String(name),
      type: String(type),
      optional: Boolean(optional),
    })),
    primaryKey: parts.filter(({ primary }) => primary).map(({ name }) => String(name)),
    indexes: [...indexes.values()],
  };
}
