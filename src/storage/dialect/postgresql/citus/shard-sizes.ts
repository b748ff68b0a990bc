import { sql } from 'kysely';
import type { QueryBuilder } from '../../../store.ts';

/** The nodes' estimate of the rows of a spread table, and the bytes of it without indexes. */
export async function sizeOfShards(
  query: QueryBuilder,
  table: string,
): Promise<{ readonly table: string; readonly rows: number; readonly bytes: number }> {
  const estimate = `select greatest(reltuples, 0) from pg_class where oid = '%s'::regclass`;
  const { rows } = await sql<{ rows: number; bytes: number }>`select
      coalesce((select sum(cast(result as float8)) from run_command_on_shards(${sql.lit(table)}, ${sql.lit(estimate)}) where success), 0) as rows,
      cast(citus_table_size(quote_ident(${table})::regclass) as float8) as bytes`.execute(query);
  return { table, rows: Number(rows[0]?.rows), bytes: Number(rows[0]?.bytes) };
}

/** Bytes of the database on all nodes that answer. */
export const bytesOfNodes = sql<number>`(select sum(cast(result as float8))
  from run_command_on_all_nodes('select pg_database_size(current_database())') where success)`;
