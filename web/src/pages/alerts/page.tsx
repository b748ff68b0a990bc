import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import type { AlertListQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo, setParams } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { cellColumn, textColumn } from '../shared/columns.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { FilterBar } from '../shared/filter-bar.tsx';
import { labelsInWords, unitOf } from '../shared/rule-words.ts';
import { TablePanel } from '../shared/table-panel.tsx';
import { SEVERITY_TONES, STATUS_TONES } from '../shared/tones.ts';
import { inWords } from '../shared/words.ts';
import { useAlertChanges } from './alert-changes.ts';
import { AlertDialog } from './alert-dialog.tsx';
import { FIELDS, filterOfUrl, STATUSES, showAlert, statusOfUrl } from './list.ts';

const AlertList = graphql(`
  query AlertList($first: Int, $after: String, $last: Int, $before: String, $filter: AlertFilter) {
    alerts(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      nodes {
        id alertId title type severity status value threshold labels raisedAt
        rule { ruleId aggregate measure }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const AlertNumbers = graphql(`
  query AlertNumbers($filter: AlertFilter) {
    alertCounts(filter: $filter) { status count }
  }
`);

function variables() {
  const status = statusOfUrl();
  return {
    ...pageArguments(),
    filter: { ...filterOfUrl(), ...(status !== null && { status: { eq: status } }) },
  };
}

/** The alerts of rules, of services and of the server's own health. */
export function Page() {
  const query = useQuery(AlertList, variables, { everyMs: 30_000 });
  const counts = useQuery(AlertNumbers, () => ({ filter: filterOfUrl() }), { everyMs: 30_000 });
  useAlertChanges(() => {
    query.refreshSoon();
    counts.refreshSoon();
  });
  return (
    <>
      <PageHead
        title="Alerts"
        subtitle={
          <>
            Newest first, all time · <a href={linkTo('/rules')}>Rules</a> ·{' '}
            <a href={linkTo('/webhooks')}>Webhooks</a>
          </>
        }
      />
      <StatusTabs counts={counts.data?.alertCounts ?? []} />
      <FilterBar fields={FIELDS} />
      <TablePanel
        title="Alerts"
        query={query}
        empty={{ title: 'No alerts', text: 'No alerts with this status match the filters.' }}
        rowsOf={({ alerts }) => alerts.nodes}
        pageInfoOf={({ alerts }) => alerts.pageInfo}
        keyOf={({ id }) => id}
        onOpen={({ alertId }) => showAlert(alertId)}
        columns={COLUMNS}
      />
      <AlertDialog
        onChanged={() => {
          query.refresh();
          counts.refresh();
        }}
      />
    </>
  );
}

function StatusTabs({ counts }: { counts: readonly { status: string; count: number }[] }) {
  const countOf = (status: string | null) =>
    counts
      .filter((one) => status === null || one.status === status)
      .reduce((sum, { count }) => sum + count, 0);
  const tabs = [...STATUSES, null].map((status) => ({
    key: status ?? 'all',
    label: status === null ? 'All' : inWords(status).replace(/^./, (first) => first.toUpperCase()),
    count: formatValue(countOf(status), 'count'),
  }));
  return (
    <Tabs
      label="Status"
      tabs={tabs}
      selected={statusOfUrl() ?? 'all'}
      onSelect={(status: string) => setParams({ status: status === 'OPEN' ? null : status })}
    />
  );
}

type Alert = AlertListQuery['alerts']['nodes'][number];

/** A value in the unit of what its rule measures. */
const inUnit = (value: number | null | undefined, { rule }: Alert) =>
  formatValue(value, rule ? unitOf(rule) : 'number');

const COLUMNS: readonly Column<Alert>[] = [
  {
    key: 'title',
    title: 'Alert',
    cell: ({ severity, title }) => (
      <>
        <Badge tone={SEVERITY_TONES[severity]}>{inWords(severity)}</Badge> {title}
      </>
    ),
    value: ({ title }) => title,
    width: '38%',
  },
  cellColumn(
    'status',
    'Status',
    ({ status }) => <Badge tone={STATUS_TONES[status]}>{inWords(status)}</Badge>,
    { width: '110px' },
  ),
  textColumn('labels', 'Group', ({ labels }) => labelsInWords(labels), { hideBelow: 'medium' }),
  cellColumn('value', 'Value', (row) => inUnit(row.value, row), { align: 'right', hideBelow: 'narrow' }),
  cellColumn('threshold', 'Threshold', (row) => inUnit(row.threshold, row), {
    align: 'right',
    hideBelow: 'medium',
  }),
  textColumn('type', 'Type', ({ type }) => inWords(type), { hideBelow: 'medium', width: '110px' }),
  cellColumn('raised', 'Raised', ({ raisedAt }) => <Time at={raisedAt} zone={zone.value} />, {
    width: '90px',
  }),
];
