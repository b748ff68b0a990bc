import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { OneAgentQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import { linkToOne } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { Missing } from '../shared/missing.tsx';
import type { PageProps } from '../shared/page-props.ts';
import { TablePanel } from '../shared/table-panel.tsx';
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

type Task = OneAgentQuery['tasks']['nodes'][number];

const TASKS: readonly Column<Task>[] = [
  textColumn('task', 'Task', ({ taskId, title }) => title ?? taskId, { width: '55%' }),
  textColumn('status', 'Status', ({ status }) => status),
  timeColumn('time', 'Changed', (row) => row.updatedAt),
];

type Session = OneAgentQuery['sessions']['nodes'][number];

const SESSIONS: readonly Column<Session>[] = [
  timeColumn('start', 'Started', (row) => row.startedAt),
  numberColumn('length', 'Length', 'ms', ({ durationMs }) => durationMs),
  numberColumn('commits', 'Commits', 'count', ({ commits }) => commits),
  numberColumn('lines', 'Lines', 'count', ({ linesAdded }) => linesAdded),
  numberColumn('cost', 'Cost', 'usd', ({ cost }) => cost),
];

type Activity = NonNullable<OneAgentQuery['agent']>['activity'][number] & { readonly key: string };

const ACTIVITIES: readonly Column<Activity>[] = [
  timeColumn('time', 'Time', (row) => row.timestamp, { width: '110px' }),
  textColumn('kind', 'Kind', ({ kind }) => kind.toLowerCase().replaceAll('_', ' '), { width: '120px' }),
  textColumn('message', 'Message', ({ message }) => message, { width: '70%' }),
];

/** One agent: its status, its tasks, its sessions and its recent activity. */
export function Page({ params }: PageProps) {
  const agentId = params['id'] ?? '';
  const query = useQuery(OneAgent, () => ({ agentId }), { everyMs: 15_000 });
  const agent = query.data?.agent;
  if (query.state === 'ready' && !agent) {
    return <Missing title="There is no such agent" list="/agents" listName="All agents" />;
  }
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
        <TablePanel
          title="Tasks"
          caption="Tasks of the agent"
          query={query}
          empty={{ title: 'No tasks are assigned to this agent' }}
          rowsOf={({ tasks }) => tasks.nodes}
          keyOf={({ id }) => id}
          hrefOf={({ taskId }) => linkToOne('/tasks', taskId)}
          columns={TASKS}
          dense
        />
        <TablePanel
          title="Sessions"
          caption="Sessions of the agent"
          query={query}
          empty={{ title: 'No sessions' }}
          rowsOf={({ sessions }) => sessions.nodes}
          keyOf={({ id }) => id}
          hrefOf={({ sessionId }) => linkToOne('/sessions', sessionId)}
          columns={SESSIONS}
          dense
        />
      </Grid>
      <TablePanel
        title="Activity"
        caption="Activity of the agent"
        query={query}
        rowsOf={({ agent: found }) =>
          (found?.activity ?? []).map((row, index) => ({ ...row, key: `${row.timestamp} ${index}` }))
        }
        keyOf={({ key }) => key}
        columns={ACTIVITIES}
        dense
      />
    </>
  );
}
