import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { AgentSpendQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { linkToOne } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const SpendQuery = graphql(`
  query AgentSpend($range: TimeRangeInput!) {
    agentCosts(range: $range, first: 50) { agentId cost llmCalls completedTasks costPerCompletedTask }
    ratio(range: $range, numerator: { llmCalls: { measure: COST } }, denominator: { gitCommits: {} }) {
      groups(first: 50) { dimensions { agentId } commits: denominator costPerCommit: value }
    }
  }
`);

const COLUMNS: readonly Column<Spender>[] = [
  textColumn('agent', 'Agent', ({ agentId }) => agentId),
  numberColumn('cost', 'Cost', 'usd', ({ cost }) => cost, { sortable: true }),
  numberColumn('calls', 'Calls', 'count', ({ llmCalls }) => llmCalls, { hideBelow: 'narrow' }),
  numberColumn('tasks', 'Tasks done', 'count', ({ completedTasks }) => completedTasks),
  numberColumn('task', 'Per task', 'usd', (row) => row.costPerCompletedTask),
  numberColumn('commit', 'A commit', 'usd', (row) => row.costPerCommit, { hideBelow: 'narrow' }),
];

type Spender = ReturnType<typeof spendersOf>[number];

function spendersOf({ agentCosts, ratio }: AgentSpendQuery) {
  const perCommit = new Map(ratio.groups.map((group) => [group.dimensions.agentId, group]));
  return agentCosts.map((spend) => ({
    ...spend,
    costPerCommit: perCommit.get(spend.agentId)?.costPerCommit,
  }));
}

/** The cost of each agent, per commit and per completed task. */
export function Spend() {
  const query = useQuery(SpendQuery, () => ({ range: range.value }), { everyMs: 60_000 });
  return (
    <TablePanel
      title="Spend"
      caption="Spend of agents"
      query={query}
      empty={{ text: 'No model calls in this range name their agent (`agentId`).' }}
      rowsOf={spendersOf}
      keyOf={({ agentId }) => agentId}
      hrefOf={({ agentId }) => linkToOne('/agents', agentId)}
      columns={COLUMNS}
      dense
    />
  );
}
