import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { RetentionRunListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, numberColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const RunList = graphql(`
  query RetentionRunList {
    retentionRuns(first: 20) {
      next
      runs { startedAt durationMs startedBy status error removed { dataset rows cells archived } }
    }
  }
`);

type Run = RetentionRunListQuery['retentionRuns']['runs'][number];

const TONES = { DONE: 'good', FAILED: 'bad', INTERRUPTED: 'warn', RUNNING: 'info', STOPPED: 'warn' } as const;

/** What was removed because it was too old. */
export function RetentionRuns() {
  const query = useQuery(RunList, () => ({}), { everyMs: 15_000 });
  const next = query.data?.retentionRuns.next;
  return (
    <TablePanel
      title="Runs"
      subtitle={
        next && (
          <>
            Next: <Time at={next} zone={zone.value} show="short" />
          </>
        )
      }
      query={query}
      empty={{ title: 'No runs yet', text: 'Nothing has been removed so far.' }}
      rowsOf={({ retentionRuns }) => retentionRuns.runs}
      keyOf={({ startedAt }) => startedAt}
      columns={COLUMNS}
      dense
    />
  );
}

const total = (run: Run, field: 'rows' | 'cells' | 'archived') =>
  run.removed.reduce((sum, removed) => sum + removed[field], 0);

const COLUMNS: readonly Column<Run>[] = [
  cellColumn('at', 'Started', ({ startedAt }) => <Time at={startedAt} zone={zone.value} show="short" />),
  cellColumn('status', 'Outcome', ({ status, error }) => (
    <Badge tone={TONES[status]} title={error ?? undefined}>
      {status.toLowerCase()}
    </Badge>
  )),
  numberColumn('rows', 'Rows removed', 'count', (run) => total(run, 'rows')),
  numberColumn('cells', 'Totals removed', 'count', (run) => total(run, 'cells'), {
    hideBelow: 'narrow',
  }),
  numberColumn('archived', 'Archived', 'count', (run) => total(run, 'archived'), {
    hideBelow: 'medium',
  }),
  cellColumn('took', 'Took', ({ durationMs }) => formatValue(durationMs, 'ms', 'column'), { align: 'right' }),
  textColumn('by', 'By', ({ startedBy }) => startedBy.toLowerCase(), { hideBelow: 'medium' }),
];
