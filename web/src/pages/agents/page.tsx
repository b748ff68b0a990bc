import { graphql } from '../../data/graphql.ts';
import { useLive } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { AGENT_TONES } from '../shared/tones.ts';
import { Spend } from './spend.tsx';
import { Tools } from './tools.tsx';

const AgentsQuery = graphql(`
  query Agents {
    agents(first: 200) {
      nodes {
        id agentId status currentTask branch service lastActivity updatedAt cpuUsage memoryUsage uncommittedChanges
      }
    }
  }
`);

const AgentChanges = graphql(`
  subscription AgentChanges {
    agentChanged { id }
  }
`);

/** The coding agents: what each does now, what it costs and which tools it uses. */
export function Page() {
  const query = useQuery(AgentsQuery, () => ({}), { everyMs: 30_000 });
  useLive(AgentChanges, () => ({}), { onEvent: query.refreshSoon, onResumed: query.refreshSoon });
  return (
    <>
      <PageHead
        title="Agents"
        subtitle="What coding agents do now, what they cost and which tools they use"
      />
      <QueryPanel
        title="Now"
        query={query}
        document={AgentsQuery}
        variables={{}}
        isEmpty={({ agents }) => agents.nodes.length === 0}
        empty={{ title: 'No agent was seen yet', text: 'An agent appears with its first event.' }}
        flush
      >
        {({ agents }) => (
          <DataTable
            caption="Agents"
            rows={agents.nodes}
            keyOf={({ id }) => id}
            hrefOf={({ agentId }) => linkTo(`/agents/${encodeURIComponent(agentId)}`)}
            columns={[
              { key: 'agent', title: 'Agent', value: ({ agentId }) => agentId, sortable: true },
              {
                key: 'status',
                title: 'Status',
                cell: ({ status }) => (
                  <Badge tone={AGENT_TONES[status] ?? 'neutral'} dot>
                    {status.toLowerCase()}
                  </Badge>
                ),
                value: ({ status }) => status,
                sortable: true,
              },
              { key: 'task', title: 'Task', value: ({ currentTask }) => currentTask },
              { key: 'branch', title: 'Branch', value: ({ branch }) => branch, hideBelow: 'medium' },
              {
                key: 'changes',
                title: 'Uncommitted',
                unit: 'count',
                value: (row) => row.uncommittedChanges,
                hideBelow: 'medium',
              },
              {
                key: 'memory',
                title: 'Memory',
                unit: 'bytes',
                value: ({ memoryUsage }) => memoryUsage,
                hideBelow: 'narrow',
              },
              {
                key: 'seen',
                title: 'Last seen',
                cell: ({ updatedAt }) => <Time at={updatedAt} zone={zone.value} />,
                value: ({ updatedAt }) => updatedAt,
                sortable: true,
              },
            ]}
          />
        )}
      </QueryPanel>
      <Grid min={420}>
        <Spend />
        <Tools />
      </Grid>
    </>
  );
}
