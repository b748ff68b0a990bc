import { datasets, states } from '../../declarations/registry.ts';
import { spreadTables } from '../../storage/dialect/postgresql/citus/layout.ts';
import type { ClusterFacts } from '../../storage/inspection.ts';
import { showCount } from './amounts.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

type Node = ClusterFacts['nodes'][number];

/** The nodes of Citus, and whether the tables are spread over them. Empty without Citus. */
export function assessCluster(cluster: ClusterFacts | null): readonly Finding[] {
  if (cluster === null) return [];
  const { nodes, tables, version } = cluster;
  if (!nodes.some(({ takesShards }) => takesShards)) {
    return [
      warning(
        'database',
        `Citus ${version} has no node that accepts shards, so all tables are on this server.`,
        'Add the nodes with citus_add_node, then run telltale migrate (docs/citus.md).',
      ),
    ];
  }
  const problems = [...assessNodes(nodes), ...assessTables(tables.map(({ name }) => name))];
  if (problems.length > 0) return problems;
  const shards = tables.reduce((sum, table) => sum + table.shards, 0);
  const workers = nodes.filter(({ takesShards }) => takesShards).length;
  return [
    ok(
      'database',
      `Citus ${version}: ${showCount(tables.length, 'table')} in ${showCount(shards, 'shard')} on ${showCount(workers, 'node')}.`,
    ),
  ];
}

function assessNodes(nodes: readonly Node[]): Finding[] {
  const away = nodes.filter(({ isAnswering }) => !isAnswering);
  const unprepared = nodes.filter(({ preparedTransactions }) => preparedTransactions === 0);
  return [
    ...(away.length === 0
      ? []
      : [
          wrong(
            'database',
            `${namesOf(away)} of Citus does not answer the coordinator, so recording fails.`,
            'Start the node, or check its address, password and citus.node_conninfo.',
          ),
        ]),
    ...(unprepared.length === 0
      ? []
      : [
          wrong(
            'database',
            `${namesOf(unprepared)} cannot prepare transactions, which nodes need to commit together.`,
            'Set max_prepared_transactions to max_connections there, and restart it.',
          ),
        ]),
  ];
}

function assessTables(spread: readonly string[]): Finding[] {
  const missing = spreadTables([...datasets, ...states]).filter((table) => !spread.includes(table));
  if (missing.length === 0) return [];
  return [
    warning(
      'database',
      `Only on the coordinator, although the nodes of Citus could share them: ${missing.join(', ')}.`,
      'telltale migrate distributes them, as the next start does.',
    ),
  ];
}

const namesOf = (nodes: readonly Node[]): string => nodes.map(({ name }) => name).join(' and ');
