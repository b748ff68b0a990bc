import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { Missing } from '../shared/missing.tsx';
import type { PageProps } from '../shared/page-props.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { inWords } from '../shared/words.ts';

const OneTask = graphql(`
  query OneTask($taskId: String!) {
    task(taskId: $taskId) {
      id taskId title status assignedTo
      timeInStatus { status milliseconds stays }
      history(first: 100) {
        nodes { id timestamp eventType previousStatus newStatus assignedTo changedBy }
      }
    }
    llmCallAnalytics(range: { last: "P365D" }, filter: { taskId: { eq: $taskId } }) {
      totals { count cost { sum } }
    }
  }
`);

/** One task: its history, and how long it stayed in each status. */
export function Page({ params }: PageProps) {
  const variables = () => ({ taskId: params['id'] ?? '' });
  const query = useQuery(OneTask, variables, { everyMs: 15_000 });
  const task = query.data?.task;
  if (query.state === 'ready' && !task) {
    return <Missing title="There is no such task" list="/tasks" listName="The board" />;
  }
  const shared = { query, document: OneTask, variables: variables() };
  const calls = query.data?.llmCallAnalytics.totals;
  return (
    <>
      <PageHead
        title={task?.title ?? params['id']}
        subtitle={
          task && (
            <>
              {task.taskId} · <Badge>{inWords(task.status)}</Badge>{' '}
              {task.assignedTo && (
                <a href={linkTo(`/agents/${encodeURIComponent(task.assignedTo)}`)}>{task.assignedTo}</a>
              )}
            </>
          )
        }
      />
      <Grid min={150} gap="tight">
        <Stat title="Model calls" value={calls?.count} unit="count" hint="In the last 365 days" />
        <Stat title="Cost" value={calls?.cost.sum} unit="usd" hint="In the last 365 days" />
      </Grid>
      <Grid min={380}>
        <QueryPanel
          {...shared}
          title="History"
          isEmpty={({ task: found }) => (found?.history.nodes.length ?? 0) === 0}
          flush
        >
          {({ task: found }) => (
            <DataTable
              caption="History of the task"
              dense
              rows={found?.history.nodes ?? []}
              keyOf={({ id }) => id}
              columns={[
                {
                  key: 'time',
                  title: 'Time',
                  cell: (row) => <Time at={row.timestamp} zone={zone.value} show="short" />,
                  value: (row) => row.timestamp,
                },
                { key: 'event', title: 'Event', value: ({ eventType }) => inWords(eventType) },
                { key: 'from', title: 'From', value: ({ previousStatus }) => inWords(previousStatus) },
                { key: 'to', title: 'To', value: ({ newStatus }) => inWords(newStatus) },
                { key: 'by', title: 'By', value: ({ changedBy }) => changedBy, hideBelow: 'narrow' },
              ]}
            />
          )}
        </QueryPanel>
        <QueryPanel
          {...shared}
          title="Time in each status"
          isEmpty={({ task: found }) => (found?.timeInStatus.length ?? 0) === 0}
          flush
        >
          {({ task: found }) => (
            <DataTable
              caption="Time of the task in each status"
              dense
              rows={found?.timeInStatus ?? []}
              keyOf={({ status }) => status ?? ''}
              columns={[
                { key: 'status', title: 'Status', value: ({ status }) => inWords(status) },
                { key: 'time', title: 'Time', unit: 'ms', value: ({ milliseconds }) => milliseconds },
                { key: 'stays', title: 'Stays', unit: 'count', value: ({ stays }) => stays },
              ]}
            />
          )}
        </QueryPanel>
      </Grid>
    </>
  );
}
