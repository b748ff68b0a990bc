import type { Compaction, CompactionProgress } from '../../compaction.ts';
import type { MigrationConnection } from '../../migration-connection.ts';

const TABLES = `select relname as name, cast(pg_total_relation_size(oid) as float8) as bytes
  from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace order by relname`;

/** The same with Citus, which vacuums the shards of a spread table on their nodes. */
const SPREAD_TABLES = `select relname as name, cast(case when logicalrelid is null then pg_total_relation_size(oid)
    else citus_total_relation_size(oid) end as float8) as bytes
  from pg_class left join pg_dist_partition on logicalrelid = oid
  where relkind = 'r' and relnamespace = current_schema()::regnamespace order by relname`;

interface Table {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Lets PostgreSQL reuse the space of removed rows, and updates its statistics. Events can be
 * recorded meanwhile. Space at the end of a table goes back to the disk.
 */
export async function compactTables(
  { query }: Pick<MigrationConnection, 'query'>,
  onProgress: CompactionProgress,
): Promise<Compaction> {
  const isCluster = (await query(`select 1 from pg_extension where extname = 'citus'`)).length > 0;
  const sizes = async (): Promise<readonly Table[]> => {
    const rows = await query(isCluster ? SPREAD_TABLES : TABLES);
    return rows.map(({ name, bytes }) => ({ name: String(name), bytes: Number(bytes) }));
  };
  const before = await sizes();
  for (const [index, { name }] of before.entries()) {
    onProgress(index / before.length, name);
    await query(`vacuum (analyze) "${name}"`);
  }
  const after = await sizes();
  return { before: sumOf(before), after: sumOf(after), notes: noteOf(after) };
}

const sumOf = (tables: readonly Table[]): number => tables.reduce((sum, { bytes }) => sum + bytes, 0);

/** A note on what a full vacuum would achieve, and what it needs for the largest table. */
function noteOf(tables: readonly Table[]): readonly string[] {
  const [largest] = [...tables].sort((one, other) => other.bytes - one.bytes);
  if (largest === undefined) return [];
  const size = `${Math.ceil(largest.bytes / 1e6).toLocaleString('en')} MB`;
  return [
    'PostgreSQL keeps most free space for new rows. VACUUM FULL returns it to the disk, but locks ' +
      `each table completely while it writes a copy. For the largest table, ${largest.name}, the ` +
      `copy temporarily needs up to ${size}. If the lock would last too long, use pg_repack.`,
  ];
}
