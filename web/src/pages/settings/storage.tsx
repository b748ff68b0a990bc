import { useSignal } from '@preact/signals';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { TableListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

const TableList = graphql(`
  query TableList {
    tables { name table rows bytes isEstimated oldest newest indexes { name bytes } }
  }
`);

const Version = graphql(`
  query Version {
    schemaVersion { current migrations { name appliedAt } }
  }
`);

const Integrity = graphql(`
  query Integrity {
    integrity {
      startedAt
      isInOrder
      checks { check looked found durationMs unchecked findings { subject problem advice count projectId } }
    }
  }
`);

type Table = TableListQuery['tables'][number];

/** What the database holds, whether it is in order, and which schema it has. */
export function Storage() {
  return (
    <>
      <Tables />
      <Checked />
      <Migrations />
    </>
  );
}

const bytesOfIndexes = ({ indexes }: Table): number =>
  indexes.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);

const COLUMNS: readonly Column<Table>[] = [
  { key: 'table', title: 'Table', value: ({ table }) => table, sortable: true },
  {
    key: 'name',
    title: 'Holds',
    value: ({ name }) => name ?? 'what the server notes',
    hideBelow: 'narrow',
    sortable: true,
  },
  {
    key: 'rows',
    title: 'Rows',
    value: ({ rows }) => rows,
    cell: ({ rows, isEstimated }) => `${isEstimated ? '≈ ' : ''}${formatValue(rows, 'count')}`,
    unit: 'count',
    sortable: true,
  },
  { key: 'bytes', title: 'Size', unit: 'bytes', value: ({ bytes }) => bytes, sortable: true },
  {
    key: 'indexes',
    title: 'Indexes',
    unit: 'bytes',
    value: bytesOfIndexes,
    sortable: true,
    hideBelow: 'narrow',
  },
  {
    key: 'oldest',
    title: 'Oldest',
    cell: ({ oldest }) => <Time at={oldest} zone={zone.value} />,
    hideBelow: 'medium',
  },
  {
    key: 'newest',
    title: 'Newest',
    cell: ({ newest }) => <Time at={newest} zone={zone.value} />,
    hideBelow: 'medium',
  },
];

function Tables() {
  const query = useQuery(TableList, () => ({}), { everyMs: 60_000 });
  const tables = query.data?.tables ?? [];
  const total = tables.reduce((sum, table) => sum + (table.bytes ?? 0) + bytesOfIndexes(table), 0);
  return (
    <QueryPanel
      title="Tables"
      subtitle={tables.length > 0 ? `${formatValue(total, 'bytes')} with indexes` : undefined}
      query={query}
      document={TableList}
      variables={{}}
      flush
    >
      {() => (
        <DataTable
          caption="Tables"
          dense
          maxHeight={420}
          sort={{ key: 'bytes', direction: 'desc' }}
          rows={tables}
          keyOf={({ table }) => table}
          columns={COLUMNS}
        />
      )}
    </QueryPanel>
  );
}

/** The checks read all rows: they run when somebody asks. */
function Checked() {
  const isAsked = useSignal(false);
  const query = useQuery(Integrity, () => (isAsked.value ? {} : null));
  const check = () => {
    if (isAsked.value) query.refresh();
    isAsked.value = true;
  };
  const action = (
    <Button icon="check" busy={isAsked.value && query.isBusy} onClick={check}>
      Check
    </Button>
  );
  if (!isAsked.value) {
    return (
      <Panel title="Integrity" actions={action}>
        <p class="muted">
          Reads rows, totals and indexes and compares them. On a large database this takes a while.
        </p>
      </Panel>
    );
  }
  return (
    <QueryPanel
      title="Integrity"
      actions={action}
      query={query}
      document={Integrity}
      variables={{}}
      footer={
        query.data && (
          <>
            {query.data.integrity.isInOrder ? 'All is in order, ' : 'Something was found, '}
            <Time at={query.data.integrity.startedAt} zone={zone.value} />.
          </>
        )
      }
      flush
    >
      {({ integrity }) => (
        <DataTable
          caption="Integrity"
          rows={integrity.checks}
          keyOf={(row) => row.check}
          columns={[
            { key: 'check', title: 'Check', value: (row) => row.check.toLowerCase() },
            {
              key: 'result',
              title: 'Result',
              cell: ({ found }) => (
                <Badge tone={found === 0 ? 'good' : 'bad'}>
                  {found === 0 ? 'in order' : `${found} found`}
                </Badge>
              ),
            },
            { key: 'looked', title: 'Looked at', unit: 'count', value: ({ looked }) => looked },
            {
              key: 'findings',
              title: 'What',
              value: ({ findings }) =>
                findings.map(({ subject, problem, advice }) => `${subject}: ${problem} ${advice}`).join('\n'),
            },
            { key: 'took', title: 'Took', unit: 'ms', value: ({ durationMs }) => durationMs },
          ]}
        />
      )}
    </QueryPanel>
  );
}

function Migrations() {
  const query = useQuery(Version, () => ({}));
  return (
    <QueryPanel
      title="Schema of the database"
      subtitle={query.data?.schemaVersion.current}
      query={query}
      document={Version}
      variables={{}}
      flush
    >
      {({ schemaVersion }) => (
        <DataTable
          caption="Migrations"
          dense
          maxHeight={240}
          rows={schemaVersion.migrations.toReversed()}
          keyOf={({ name }) => name}
          columns={[
            { key: 'name', title: 'Migration', value: ({ name }) => name },
            {
              key: 'at',
              title: 'Applied',
              cell: ({ appliedAt }) => <Time at={appliedAt} zone={zone.value} show="short" />,
            },
          ]}
        />
      )}
    </QueryPanel>
  );
}
