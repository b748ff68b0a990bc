import type { ClusterFacts, Inspection } from '../../../inspection.ts';

/** What the coordinator reports about the nodes and their shards; null without Citus. */
export async function inspectCluster(query: Inspection['query']): Promise<ClusterFacts | null> {
  const [extension] = await query(`select extversion as version from pg_extension where extname = 'citus'`);
  if (extension === undefined) return null;
  const nodes = await query(
    `select nodename || ':' || nodeport as name, groupid = 0 as coordinator, shouldhaveshards as shards,
        isactive as active, success, result
      from run_command_on_all_nodes('show max_prepared_transactions') right join pg_dist_node using (nodeid)
      order by groupid`,
  );
  const tables = await query(
    `select relname as name, count(*) as shards from pg_dist_shard join pg_class on pg_class.oid = logicalrelid
      group by relname order by relname`,
  );
  return {
    version: String(extension['version']),
    nodes: nodes.map((node) => ({
      name: String(node['name']),
      isCoordinator: node['coordinator'] === true,
      takesShards: node['shards'] === true,
      isAnswering: node['active'] === true && node['success'] === true,
      preparedTransactions: node['success'] === true ? Number(node['result']) : null,
    })),
    tables: tables.map(({ name, shards }) => ({ name: String(name), shards: Number(shards) })),
  };
}
