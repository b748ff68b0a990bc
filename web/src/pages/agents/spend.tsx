import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { linkTo } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

const SpendQuery = graphql(`
  query AgentSpend($range: TimeRangeInput!) {
    agentCosts(range: $range, first: 50) { agentId cost llmCalls completedTasks costPerCompletedTask }
    ratio(range: $range, numerator: { llmCalls: { measure: COST } }, denominator: { gitCommits: {} }) {
      groups(first: 50) { dimensions { agentId } commits: denominator costPerCommit: value }
    }
  }
`);

/** What each agent cost, and what a commit and a completed task of it cost. */
export function Spend() {
  const variables = () => ({ range: range.value });
  const query = useQuery(SpendQuery, variables, { everyMs: 60_000 });
  return (
    <QueryPanel
      title="Spend"
      query={query}
      document={SpendQuery}
      variables={variables()}
      isEmpty={({ agentCosts }) => agentCosts.length === 0}
      empty={{ text: 'No model call in this range names its agent (`agentId`).' }}
      flush
    >
      {({ agentCosts, ratio }) => {
        const perCommit = new Map(ratio.groups.map((group) => [group.dimensions.agentId, group]));
        return (
          <DataTable
            caption="Spend of agents"
            dense
            rows={agentCosts}
            keyOf={({ agentId }) => agentId}
            hrefOf={({ agentId }) => linkTo(`/agents/${encodeURIComponent(agentId)}`)}
            columns={[
              { key: 'agent', title: 'Agent', value: ({ agentId }) => agentId },
              { key: 'cost', title: 'Cost', unit: 'usd', value: ({ cost }) => cost, sortable: true },
              {
                key: 'calls',
                title: 'Calls',
                unit: 'count',
                value: ({ llmCalls }) => llmCalls,
                hideBelow: 'narrow',
              },
              {
                key: 'tasks',
                title: 'Tasks done',
                unit: 'count',
                value: ({ completedTasks }) => completedTasks,
              },
              { key: 'task', title: 'A task', unit: 'usd', value: (row) => row.costPerCompletedTask },
              {
                key: 'commit',
                title: 'A commit',
                unit: 'usd',
                value: ({ agentId }) => perCommit.get(agentId)?.costPerCommit,
                hideBelow: 'narrow',
              },
            ]}
          />
        );
      }}
    </QueryPanel>
  );
}
