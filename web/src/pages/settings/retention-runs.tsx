import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { RetentionRunListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

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
    <QueryPanel
      title="Runs"
      subtitle={
        next && (
          <>
            Next: <Time at={next} zone={zone.value} show="short" />
          </>
        )
      }
      query={query}
      document={RunList}
      variables={{}}
      isEmpty={({ retentionRuns }) => retentionRuns.runs.length === 0}
      empty={{ title: 'No runs yet', text: 'Nothing was removed so far.' }}
      flush
    >
      {({ retentionRuns }) => <RunTable runs={retentionRuns.runs} />}
    </QueryPanel>
  );
}

function RunTable({ runs }: { runs: readonly Run[] }) {
  const total = (run: Run, field: 'rows' | 'cells' | 'archived') =>
    run.removed.reduce((sum, removed) => sum + removed[field], 0);
  return (
    <DataTable
      caption="Runs"
      dense
      rows={runs}
      keyOf={({ startedAt }) => startedAt}
      columns={[
        {
          key: 'at',
          title: 'Started',
          cell: ({ startedAt }) => <Time at={startedAt} zone={zone.value} show="short" />,
        },
        {
          key: 'status',
          title: 'Outcome',
          cell: ({ status, error }) => (
            <Badge tone={TONES[status]} title={error ?? undefined}>
              {status.toLowerCase()}
            </Badge>
          ),
        },
        { key: 'rows', title: 'Rows removed', unit: 'count', value: (run) => total(run, 'rows') },
        {
          key: 'cells',
          title: 'Totals removed',
          unit: 'count',
          value: (run) => total(run, 'cells'),
          hideBelow: 'narrow',
        },
        {
          key: 'archived',
          title: 'Archived',
          unit: 'count',
          value: (run) => total(run, 'archived'),
          hideBelow: 'medium',
        },
        {
          key: 'took',
          title: 'Took',
          cell: ({ durationMs }) => formatValue(durationMs, 'ms'),
          align: 'right',
        },
        { key: 'by', title: 'By', value: ({ startedBy }) => startedBy.toLowerCase(), hideBelow: 'medium' },
      ]}
    />
  );
}
