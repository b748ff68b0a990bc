import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { Missing } from '../shared/missing.tsx';
import type { PageProps } from '../shared/page-props.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { AGENT_TONES } from '../shared/tones.ts';
import { AgentFigures } from './figures.tsx';

const OneAgent = graphql(`
  query OneAgent($agentId: String!) {
    agent(agentId: $agentId) {
      id agentId status currentTask branch lastActivity updatedAt
      activity(first: 50) { kind timestamp message }
    }
    tasks(first: 20, filter: { assignedTo: { eq: $agentId } }) { nodes { id taskId title status updatedAt } }
    sessions(first: 20, filter: { agentIds: { has: $agentId } }) {
      nodes { id sessionId startedAt durationMs cost commits linesAdded }
    }
  }
`);

/** One agent: what it does, its tasks, its sessions and what it did last. */
export function Page({ params }: PageProps) {
  const agentId = params['id'] ?? '';
  const variables = () => ({ agentId });
  const query = useQuery(OneAgent, variables, { everyMs: 15_000 });
  const agent = query.data?.agent;
  if (query.state === 'ready' && !agent) {
    return <Missing title="There is no such agent" list="/agents" listName="All agents" />;
  }
  const shared = { query, document: OneAgent, variables: variables() };
  return (
    <>
      <PageHead
        title={agentId}
        subtitle={
          agent && (
            <>
              <Badge tone={AGENT_TONES[agent.status] ?? 'neutral'} dot>
                {agent.status.toLowerCase()}
              </Badge>{' '}
              {agent.currentTask} {agent.branch && `on ${agent.branch}`} ·{' '}
              <Time at={agent.updatedAt} zone={zone.value} />
            </>
          )
        }
      />
      <AgentFigures agentId={agentId} />
      <Grid min={420}>
        <QueryPanel
          {...shared}
          title="Tasks"
          isEmpty={({ tasks }) => tasks.nodes.length === 0}
          empty={{ title: 'No task is assigned to it' }}
          flush
        >
          {({ tasks }) => (
            <DataTable
              caption="Tasks of the agent"
              dense
              rows={tasks.nodes}
              keyOf={({ id }) => id}
              hrefOf={({ taskId }) => linkTo(`/tasks/${encodeURIComponent(taskId)}`)}
              columns={[
                { key: 'task', title: 'Task', value: ({ taskId, title }) => title ?? taskId },
                { key: 'status', title: 'Status', value: ({ status }) => status },
                {
                  key: 'time',
                  title: 'Changed',
                  cell: (row) => <Time at={row.updatedAt} zone={zone.value} />,
                  value: (row) => row.updatedAt,
                },
              ]}
            />
          )}
        </QueryPanel>
        <QueryPanel
          {...shared}
          title="Sessions"
          isEmpty={({ sessions }) => sessions.nodes.length === 0}
          empty={{ title: 'It has no sessions' }}
          flush
        >
          {({ sessions }) => (
            <DataTable
              caption="Sessions of the agent"
              dense
              rows={sessions.nodes}
              keyOf={({ id }) => id}
              hrefOf={({ sessionId }) => linkTo(`/sessions/${encodeURIComponent(sessionId)}`)}
              columns={[
                {
                  key: 'start',
                  title: 'Started',
                  cell: (row) => <Time at={row.startedAt} zone={zone.value} />,
                  value: (row) => row.startedAt,
                },
                { key: 'length', title: 'Length', unit: 'ms', value: ({ durationMs }) => durationMs },
                { key: 'commits', title: 'Commits', unit: 'count', value: ({ commits }) => commits },
                { key: 'lines', title: 'Lines', unit: 'count', value: ({ linesAdded }) => linesAdded },
                { key: 'cost', title: 'Cost', unit: 'usd', value: ({ cost }) => cost },
              ]}
            />
          )}
        </QueryPanel>
      </Grid>
      <QueryPanel
        {...shared}
        title="What it did"
        isEmpty={({ agent: found }) => (found?.activity.length ?? 0) === 0}
        flush
      >
        {({ agent: found }) => (
          <DataTable
            caption="What the agent did"
            dense
            rows={(found?.activity ?? []).map((row, index) => ({ ...row, key: `${row.timestamp} ${index}` }))}
            keyOf={({ key }) => key}
            columns={[
              {
                key: 'time',
                title: 'Time',
                cell: (row) => <Time at={row.timestamp} zone={zone.value} />,
                value: (row) => row.timestamp,
                width: '110px',
              },
              {
                key: 'kind',
                title: 'Kind',
                value: ({ kind }) => kind.toLowerCase().replaceAll('_', ' '),
                width: '120px',
              },
              { key: 'message', title: 'What', value: ({ message }) => message },
            ]}
          />
        )}
      </QueryPanel>
    </>
  );
}
