import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import { Badge } from '../../parts/badge.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo, setParams } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { FilterBar } from '../shared/filter-bar.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { labelsInWords, unitOf } from '../shared/rule-words.ts';
import { SEVERITY_TONES, STATUS_TONES } from '../shared/tones.ts';
import { inWords } from '../shared/words.ts';
import { AlertDialog } from './alert-dialog.tsx';
import { FIELDS, filterOfUrl, STATUSES, showAlert, statusOfUrl } from './list.ts';
import { useAlertNews } from './news.ts';

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

/** What rules, services and the health of the server have raised. */
export function Page() {
  const query = useQuery(AlertList, variables, { everyMs: 30_000 });
  const counts = useQuery(AlertNumbers, () => ({ filter: filterOfUrl() }), { everyMs: 30_000 });
  useAlertNews(() => {
    query.refreshSoon();
    counts.refreshSoon();
  });
  return (
    <>
      <PageHead
        title="Alerts"
        subtitle={
          <>
            Newest first, of all time · <a href={linkTo('/rules')}>Rules</a> ·{' '}
            <a href={linkTo('/webhooks')}>Webhooks</a>
          </>
        }
      />
      <StatusTabs counts={counts.data?.alertCounts ?? []} />
      <FilterBar fields={FIELDS} />
      <QueryPanel
        title="Alerts"
        query={query}
        document={AlertList}
        variables={variables()}
        isEmpty={({ alerts }) => alerts.nodes.length === 0}
        empty={{ title: 'No alerts', text: 'No alert has this status and matches the filters.' }}
        footer={query.data && <ListPager pageInfo={query.data.alerts.pageInfo} />}
        flush
      >
        {({ alerts }) => <AlertTable alerts={alerts.nodes} />}
      </QueryPanel>
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

interface Row {
  readonly id: string;
  readonly alertId: string;
  readonly title: string;
  readonly type: string;
  readonly severity: string;
  readonly status: string;
  readonly value?: number | null;
  readonly threshold?: number | null;
  readonly labels?: unknown;
  readonly raisedAt: string;
  readonly rule?: {
    readonly ruleId: string;
    readonly aggregate: string;
    readonly measure?: string | null;
  } | null;
}

/** A value in the unit of what its rule measures. */
const inUnit = (value: number | null | undefined, { rule }: Row) =>
  formatValue(value, rule ? unitOf(rule) : 'number');

function AlertTable({ alerts }: { alerts: readonly Row[] }) {
  return (
    <DataTable
      caption="Alerts"
      rows={alerts}
      keyOf={({ id }) => id}
      onOpen={({ alertId }) => showAlert(alertId)}
      columns={[
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
        {
          key: 'status',
          title: 'Status',
          cell: ({ status }) => <Badge tone={STATUS_TONES[status]}>{inWords(status)}</Badge>,
          width: '110px',
        },
        { key: 'labels', title: 'Of', value: ({ labels }) => labelsInWords(labels), hideBelow: 'medium' },
        {
          key: 'value',
          title: 'Value',
          cell: (row) => inUnit(row.value, row),
          align: 'right',
          hideBelow: 'narrow',
        },
        {
          key: 'threshold',
          title: 'Threshold',
          cell: (row) => inUnit(row.threshold, row),
          align: 'right',
          hideBelow: 'medium',
        },
        {
          key: 'type',
          title: 'Type',
          value: ({ type }) => inWords(type),
          hideBelow: 'medium',
          width: '110px',
        },
        {
          key: 'raised',
          title: 'Raised',
          cell: ({ raisedAt }) => <Time at={raisedAt} zone={zone.value} />,
          width: '90px',
        },
      ]}
    />
  );
}
