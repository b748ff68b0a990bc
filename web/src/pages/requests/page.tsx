import { graphql } from '../../data/graphql.ts';
import { useLiveRefresh } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import type { RequestLogFilter, RequestsQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { linkToOne, param } from '../../state/location.ts';
import { bounds, span } from '../../state/view.ts';
import { cellColumn, numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { FilterBar, type FilterField, numberParam } from '../shared/filter-bar.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const Requests = graphql(`
  query Requests(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $filter: RequestLogFilter
    $orderBy: RequestLogOrder
  ) {
    requestLogs(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
      nodes { id uuid timestamp service environment method endpoint statusCode success latencyMs requestId }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const NewRequests = graphql(`
  subscription NewRequests($filter: RequestLogFilter) {
    requestLogRecorded(filter: $filter) { id }
  }
`);

const FIELDS: readonly FilterField[] = [
  { name: 'service', label: 'Service' },
  { name: 'endpoint', label: 'Endpoint contains' },
  { name: 'status', label: 'Status', type: 'number' },
  { name: 'slower', label: 'Slower than (ms)', type: 'number' },
  {
    name: 'outcome',
    label: 'Outcome',
    options: [
      { value: 'failed', label: 'Failed' },
      { value: 'succeeded', label: 'Succeeded' },
    ],
  },
  {
    name: 'order',
    label: 'Order',
    otherwise: 'Newest first',
    options: [{ value: 'slowest', label: 'Slowest first' }],
  },
];

/** The filters of the URL, except the time range. */
function filterOfUrl(): RequestLogFilter {
  const [service, endpoint, outcome] = ['service', 'endpoint', 'outcome'].map((name) => param(name).value);
  const [status, slower] = [numberParam('status'), numberParam('slower')];
  return {
    ...(service && { service: { eq: service } }),
    ...(endpoint && { endpoint: { contains: endpoint } }),
    ...(status !== null && { statusCode: { eq: status } }),
    ...(slower !== null && { latencyMs: { gt: slower } }),
    ...(outcome && { success: { eq: outcome === 'succeeded' } }),
  };
}

function variables() {
  const { from, to } = bounds.value;
  const iso = (ms: number) => new Date(ms).toISOString();
  // A range that ends now is open here: events from a clock that is ahead belong to it.
  const time = span.value.kind === 'last' ? { gte: iso(from) } : { gte: iso(from), lt: iso(to) };
  const bySlowness = param('order').value === 'slowest';
  return {
    ...pageArguments(),
    filter: { ...filterOfUrl(), timestamp: time },
    orderBy: {
      field: bySlowness ? ('LATENCY_MS' as const) : ('TIMESTAMP' as const),
      direction: 'DESC' as const,
    },
  };
}

type Request = RequestsQuery['requestLogs']['nodes'][number];

const COLUMNS: readonly Column<Request>[] = [
  timeColumn('time', 'Time', ({ timestamp }) => timestamp, { show: 'exact' }),
  cellColumn('status', 'Status', (row) => <Status {...row} />, { width: '80px' }),
  textColumn('method', 'Method', ({ method }) => method, { width: '70px', hideBelow: 'narrow' }),
  textColumn('endpoint', 'Endpoint', ({ endpoint }) => endpoint, { width: '40%' }),
  textColumn('service', 'Service', ({ service }) => service, { hideBelow: 'narrow' }),
  textColumn('environment', 'Environment', (row) => row.environment, { hideBelow: 'medium' }),
  numberColumn('latency', 'Latency', 'ms', ({ latencyMs }) => latencyMs),
];

/** The requests of services, newest first. Each links to everything that belongs to it. */
export function Page() {
  const query = useQuery(Requests, variables, { everyMs: 30_000 });
  const isFirstPage = () => param('after').value === null && param('before').value === null;
  useLiveRefresh(query, NewRequests, () =>
    isFirstPage() && span.value.kind === 'last' ? { filter: filterOfUrl() } : null,
  );
  return (
    <>
      <PageHead
        title="Requests"
        subtitle="Requests that services answered, with everything that belongs to each"
      />
      <FilterBar fields={FIELDS} />
      <TablePanel
        title="Requests"
        query={query}
        empty={{ text: 'No requests match these filters. Remove some, or choose a longer range.' }}
        table={query.data && { columns: EXPORTED, rows: query.data.requestLogs.nodes }}
        rowsOf={({ requestLogs }) => requestLogs.nodes}
        pageInfoOf={({ requestLogs }) => requestLogs.pageInfo}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => linkToOne('/requests', id)}
        columns={COLUMNS}
        dense
      />
    </>
  );
}

/** The columns of the table view and the download: more than fit here. */
const EXPORTED = [
  'timestamp',
  'statusCode',
  'method',
  'endpoint',
  'service',
  'environment',
  'latencyMs',
  'requestId',
].map((key) => ({ key, title: key }));

function Status({ statusCode, success }: { statusCode?: number | null; success: boolean }) {
  const tone = success ? 'good' : (statusCode ?? 500) >= 500 ? 'bad' : 'warn';
  return <Badge tone={tone}>{statusCode ?? (success ? 'ok' : 'failed')}</Badge>;
}
