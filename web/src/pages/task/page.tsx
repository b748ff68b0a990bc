import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { OneTaskQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { linkToOne } from '../../state/location.ts';
import { numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { Missing } from '../shared/missing.tsx';
import type { PageProps } from '../shared/page-props.ts';
import { TablePanel } from '../shared/table-panel.tsx';
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

type Change = NonNullable<OneTaskQuery['task']>['history']['nodes'][number];

const HISTORY: readonly Column<Change>[] = [
  timeColumn('time', 'Time', (row) => row.timestamp, { show: 'short' }),
  textColumn('event', 'Event', ({ eventType }) => inWords(eventType)),
  textColumn('from', 'From', ({ previousStatus }) => inWords(previousStatus)),
  textColumn('to', 'To', ({ newStatus }) => inWords(newStatus)),
  textColumn('by', 'By', ({ changedBy }) => changedBy, { hideBelow: 'narrow' }),
];

type Stay = NonNullable<OneTaskQuery['task']>['timeInStatus'][number];

const STAYS: readonly Column<Stay>[] = [
  textColumn('status', 'Status', ({ status }) => inWords(status)),
  numberColumn('time', 'Time', 'ms', ({ milliseconds }) => milliseconds),
  numberColumn('stays', 'Stays', 'count', ({ stays }) => stays),
];

/** One task: its history, and how long it stayed in each status. */
export function Page({ params }: PageProps) {
  const query = useQuery(OneTask, () => ({ taskId: params['id'] ?? '' }), { everyMs: 15_000 });
  const task = query.data?.task;
  if (query.state === 'ready' && !task) {
    return <Missing title="There is no such task" list="/tasks" listName="The board" />;
  }
  const calls = query.data?.llmCallAnalytics.totals;
  return (
    <>
      <PageHead
        title={task?.title ?? params['id']}
        subtitle={
          task && (
            <>
              {task.taskId} · <Badge>{inWords(task.status)}</Badge>{' '}
              {task.assignedTo && <a href={linkToOne('/agents', task.assignedTo)}>{task.assignedTo}</a>}
            </>
          )
        }
      />
      <Grid min={150} gap="tight">
        <Stat title="Model calls" value={calls?.count} unit="count" hint="In the last 365 days" />
        <Stat title="Cost" value={calls?.cost.sum} unit="usd" hint="In the last 365 days" />
      </Grid>
      <Grid min={380}>
        <TablePanel
          title="History"
          caption="History of the task"
          query={query}
          rowsOf={({ task: found }) => found?.history.nodes ?? []}
          keyOf={({ id }) => id}
          columns={HISTORY}
          dense
        />
        <TablePanel
          title="Time in each status"
          caption="Time of the task in each status"
          query={query}
          rowsOf={({ task: found }) => found?.timeInStatus ?? []}
          keyOf={({ status }) => status ?? ''}
          columns={STAYS}
          dense
        />
      </Grid>
    </>
  );
}
