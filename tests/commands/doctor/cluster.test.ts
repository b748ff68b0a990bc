import { describe, expect, it } from 'vitest';
import { assessCluster } from '../../../src/commands/doctor/cluster.ts';
import { datasets, states } from '../../../src/declarations/registry.ts';
import { spreadTables } from '../../../src/storage/dialect/postgresql/citus/layout.ts';
import type { ClusterFacts } from '../../../src/storage/inspection.ts';
import { expectVerdict } from './support/verdicts.ts';

const node = (name: string, facts: Partial<ClusterFacts['nodes'][number]> = {}) => ({
  ...{ name, isCoordinator: false, takesShards: true, isAnswering: true, preparedTransactions: 100 },
  ...facts,
});
const coordinator = node('db-0:5432', { isCoordinator: true, takesShards: false });
const workers = [node('db-1:5432'), node('db-2:5432')];
const tables = spreadTables([...datasets, ...states]).map((name) => ({ name, shards: 32 }));
const good: ClusterFacts = { version: '13.2', nodes: [coordinator, ...workers], tables };

describe('the nodes of Citus', () => {
  it('are absent on a single server', () => {
    expect(assessCluster(null)).toEqual([]);
  });

  it.each([
    ['ok', `${tables.length} tables in ${tables.length * 32} shards on 2 nodes.`, good],
    ['warning', 'has no node that accepts shards', { ...good, nodes: [coordinator] }],
    [
      'wrong',
      'db-2:5432 of Citus does not answer',
      {
        ...good,
        nodes: [coordinator, node('db-2:5432', { isAnswering: false, preparedTransactions: null })],
      },
    ],
    [
      'wrong',
      'db-1:5432 cannot prepare transactions',
      { ...good, nodes: [coordinator, node('db-1:5432', { preparedTransactions: 0 })] },
    ],
    [
      'warning',
      'could share them: llm_calls',
      { ...good, tables: tables.filter(({ name }) => name !== 'llm_calls') },
    ],
  ] as const)('%s: %s', (verdict, text, facts) => {
    expectVerdict(assessCluster(facts), verdict, text);
  });
});

describe('the distributed tables', () => {
  it('are the cells, and those of events that no statement reads in pages', () => {
    const spread = spreadTables([...datasets, ...states]);
    expect(spread).toEqual(expect.arrayContaining(['llm_calls', 'request_logs', 'rollup_cells']));
    // Projections and the newest event of each service read these tables.
    for (const table of [
      'agent_metrics',
      'task_events',
      'health_samples',
      'rag_metrics',
      'agents',
      'projects',
    ])
      expect(spread).not.toContain(table);
  });
});
