import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { TableListQuery, VersionQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { cellColumn, numberColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { Integrity } from './integrity.tsx';

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

type Table = TableListQuery['tables'][number];

/** What the database holds, whether it is in order, and which schema it has. */
export function Storage() {
  return (
    <>
      <Tables />
      <Integrity />
      <Migrations />
    </>
  );
}

const bytesOfIndexes = ({ indexes }: Table): number =>
  indexes.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);

const TABLES: readonly Column<Table>[] = [
  textColumn('table', 'Table', ({ table }) => table, { sortable: true }),
  textColumn('name', 'Contents', ({ name }) => name ?? 'internal data', {
    hideBelow: 'narrow',
    sortable: true,
  }),
  {
    key: 'rows',
    title: 'Rows',
    value: ({ rows }) => rows,
    cell: ({ rows, isEstimated }) => `${isEstimated ? '≈ ' : ''}${formatValue(rows, 'count')}`,
    unit: 'count',
    sortable: true,
  },
  numberColumn('bytes', 'Size', 'bytes', ({ bytes }) => bytes, { sortable: true }),
  numberColumn('indexes', 'Indexes', 'bytes', bytesOfIndexes, { sortable: true, hideBelow: 'narrow' }),
  cellColumn('oldest', 'Oldest', ({ oldest }) => <Time at={oldest} zone={zone.value} />, {
    hideBelow: 'medium',
  }),
  cellColumn('newest', 'Newest', ({ newest }) => <Time at={newest} zone={zone.value} />, {
    hideBelow: 'medium',
  }),
];

function Tables() {
  const query = useQuery(TableList, () => ({}), { everyMs: 60_000 });
  const tables = query.data?.tables ?? [];
  const total = tables.reduce((sum, table) => sum + (table.bytes ?? 0) + bytesOfIndexes(table), 0);
  return (
    <TablePanel
      title="Tables"
      subtitle={tables.length > 0 ? `${formatValue(total, 'bytes')} with indexes` : undefined}
      query={query}
      rowsOf={(data) => data.tables}
      keyOf={({ table }) => table}
      columns={TABLES}
      sort={{ key: 'bytes', direction: 'desc' }}
      dense
      maxHeight={420}
    />
  );
}

type Migration = VersionQuery['schemaVersion']['migrations'][number];

const MIGRATIONS: readonly Column<Migration>[] = [
  textColumn('name', 'Migration', ({ name }) => name),
  cellColumn('at', 'Applied', ({ appliedAt }) => <Time at={appliedAt} zone={zone.value} show="short" />),
];

function Migrations() {
  const query = useQuery(Version, () => ({}));
  return (
    <TablePanel
      title="Database schema"
      subtitle={query.data?.schemaVersion.current}
      caption="Migrations"
      query={query}
      rowsOf={({ schemaVersion }) => schemaVersion.migrations.toReversed()}
      keyOf={({ name }) => name}
      columns={MIGRATIONS}
      dense
      maxHeight={240}
    />
  );
}
