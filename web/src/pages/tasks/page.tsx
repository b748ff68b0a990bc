import './tasks.css';
import { graphql } from '../../data/graphql.ts';
import { useLiveRefresh } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import type { TaskBoardStatsQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import { TimeChart } from '../../parts/time-chart.tsx';
import { linkToOne } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { linesOf } from '../shared/lines.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { inWords } from '../shared/words.ts';

const Board = graphql(`
  query TaskBoardPage {
    taskBoard {
      columns { status count tasks(first: 50) { id taskId title assignedTo updatedAt } }
    }
  }
`);

const BoardChanges = graphql(`
  subscription TaskBoardChanges {
    taskBoardChanged { total }
  }
`);

const BoardStats = graphql(`
  query TaskBoardStats($range: TimeRangeInput!, $zone: TimeZone!) {
    taskVelocity(days: 14, timeZone: $zone) { start completed }
    taskStatusTimes(range: $range) { status count averageMs medianMs p90Ms }
  }
`);

/** Statuses are free text. These are the usual ones, in the order of work. */
const BEFORE = ['backlog', 'todo', 'ready'];
const AFTER = ['blocked', 'review', 'done', 'cancelled'];

/** From waiting to done; custom statuses in the middle. */
function byProgress<Column extends { readonly status?: string | null }>(
  columns: readonly Column[],
): Column[] {
  const rank = ({ status }: Column) => {
    const name = status ?? '';
    const before = BEFORE.indexOf(name);
    return before >= 0 ? before - BEFORE.length : AFTER.indexOf(name) + 1;
  };
  return columns.toSorted((a, b) => rank(a) - rank(b));
}

/** The tasks by their current status. */
export function Page() {
  const query = useQuery(Board, () => ({}), { everyMs: 60_000 });
  useLiveRefresh(query, BoardChanges, () => ({}));
  return (
    <>
      <PageHead title="Task board" subtitle="The current tasks" />
      <QueryPanel
        title="Board"
        query={query}
        isEmpty={({ taskBoard }) => taskBoard.columns.length === 0}
        empty={{ title: 'No tasks yet', text: 'A task appears with its first task event.' }}
      >
        {({ taskBoard }) => (
          <div class="board">
            {byProgress(taskBoard.columns).map(({ status, count, tasks }) => (
              <section key={status} aria-label={status ?? 'no status'}>
                <h3>
                  {inWords(status) ?? 'no status'} <span class="muted">{count}</span>
                </h3>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard. */}
                <ul tabIndex={0}>
                  {tasks.map(({ id, taskId, title, assignedTo, updatedAt }) => (
                    <li key={id}>
                      <a href={linkToOne('/tasks', taskId)} title={title ?? taskId}>
                        {title ?? taskId}
                      </a>
                      <span class="board-facts muted">
                        <span class="truncate">{taskId}</span>
                        <span class="truncate">{assignedTo ?? 'nobody'}</span>
                        <Time at={updatedAt} zone={zone.value} />
                      </span>
                    </li>
                  ))}
                </ul>
                {count > tasks.length && <p class="muted">and {count - tasks.length} more</p>}
              </section>
            ))}
          </div>
        )}
      </QueryPanel>
      <Speed />
    </>
  );
}

type StatusTimes = TaskBoardStatsQuery['taskStatusTimes'][number];

const COLUMNS: readonly Column<StatusTimes>[] = [
  textColumn('status', 'Status', ({ status }) => inWords(status)),
  numberColumn('count', 'Stays', 'count', ({ count }) => count),
  numberColumn('median', 'Median', 'ms', ({ medianMs }) => medianMs),
  numberColumn('p90', 'p90', 'ms', ({ p90Ms }) => p90Ms),
];

function Speed() {
  const query = useQuery(BoardStats, () => ({ range: range.value, zone: zone.value }), { everyMs: 60_000 });
  return (
    <Grid min={380}>
      <QueryPanel query={query} title="Tasks completed per day" subtitle="In the last 14 days">
        {({ taskVelocity }) => (
          <TimeChart
            title="Tasks completed per day"
            {...linesOf(taskVelocity, [{ key: 'done', read: ({ completed }) => completed }])}
            unit="count"
            kind="bars"
            height={236}
            zone={zone.value}
          />
        )}
      </QueryPanel>
      <TablePanel
        title="Time in each status"
        query={query}
        empty={{ text: 'No tasks left a status in this range.' }}
        rowsOf={({ taskStatusTimes }) => taskStatusTimes}
        keyOf={({ status }) => status ?? ''}
        columns={COLUMNS}
        dense
      />
    </Grid>
  );
}
