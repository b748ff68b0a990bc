import { graphql } from '../../data/graphql.ts';
import { useLiveRefresh } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import type { AgentsQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { linkToOne } from '../../state/location.ts';
import { numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { AGENT_TONES } from '../shared/tones.ts';
import { Spend } from './spend.tsx';
import { Tools } from './tools.tsx';

const Agents = graphql(`
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

type Agent = AgentsQuery['agents']['nodes'][number];

const COLUMNS: readonly Column<Agent>[] = [
  textColumn('agent', 'Agent', ({ agentId }) => agentId, { sortable: true }),
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
  textColumn('task', 'Task', ({ currentTask }) => currentTask),
  textColumn('branch', 'Branch', ({ branch }) => branch, { hideBelow: 'medium' }),
  numberColumn('changes', 'Uncommitted', 'count', (row) => row.uncommittedChanges, { hideBelow: 'medium' }),
  numberColumn('memory', 'Memory', 'bytes', ({ memoryUsage }) => memoryUsage, { hideBelow: 'narrow' }),
  timeColumn('seen', 'Last seen', ({ updatedAt }) => updatedAt, { sortable: true }),
];

/** The coding agents: what each is doing, what it costs and which tools it uses. */
export function Page() {
  const query = useQuery(Agents, () => ({}), { everyMs: 30_000 });
  useLiveRefresh(query, AgentChanges, () => ({}));
  return (
    <>
      <PageHead
        title="Agents"
        subtitle="What coding agents are doing, what they cost and which tools they use"
      />
      <TablePanel
        title="Now"
        caption="Agents"
        query={query}
        empty={{ title: 'No agents yet', text: 'An agent appears with its first event.' }}
        rowsOf={({ agents }) => agents.nodes}
        keyOf={({ id }) => id}
        hrefOf={({ agentId }) => linkToOne('/agents', agentId)}
        columns={COLUMNS}
      />
      <Grid min={420}>
        <Spend />
        <Tools />
      </Grid>
    </>
  );
}
