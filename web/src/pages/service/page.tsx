import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { EndpointCostsQuery, EndpointsQuery, LatencyRisesQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo, param } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { BarPanel } from '../shared/bar-panel.tsx';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { RequestCharts } from '../shared/request-charts.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const Endpoints = graphql(`
  query Endpoints($range: TimeRangeInput!, $filter: RequestLogFilter) {
    requestLogAnalytics(range: $range, filter: $filter) {
      groups(first: 200, orderBy: { field: COUNT, aggregate: SUM, direction: DESC }) {
        dimensions { endpoint method }
        stats { count errorRate latencyMs { p50 p95 p99 } }
      }
      statuses: distinct(dimension: STATUS_CODE, first: 30) { value count }
    }
  }
`);

// Reads rows, so it is asked for by itself.
const EndpointCosts = graphql(`
  query EndpointCosts($range: TimeRangeInput!, $filter: RequestLogFilter) {
    endpointCosts(range: $range, filter: $filter, first: 100) {
      endpoint method requests llmCalls cost llmCallsPerRequest costPerRequest
    }
  }
`);

const LatencyRises = graphql(`
  query LatencyRises($range: TimeRangeInput!, $filter: RequestLogFilter) {
    latencyRises(range: $range, filter: $filter, by: RELEASE) {
      release at rise
      commit { shortHash message }
      before { p95LatencyMs }
      after { p95LatencyMs }
    }
  }
`);

const filter = () => ({ service: { eq: param('service').value ?? '' } });
const variables = () => ({ range: range.value, filter: filter() });

type Endpoint = EndpointsQuery['requestLogAnalytics']['groups'][number];

const ENDPOINTS: readonly Column<Endpoint>[] = [
  textColumn('method', 'Method', ({ dimensions }) => dimensions.method, { width: '80px' }),
  textColumn('endpoint', 'Endpoint', ({ dimensions }) => dimensions.endpoint, { sortable: true }),
  numberColumn('count', 'Requests', 'count', ({ stats }) => stats.count, { sortable: true }),
  numberColumn('failed', 'Failed', 'ratio', ({ stats }) => stats.errorRate, { sortable: true }),
  numberColumn('p50', 'p50', 'ms', ({ stats }) => stats.latencyMs.p50, {
    sortable: true,
    hideBelow: 'narrow',
  }),
  numberColumn('p95', 'p95', 'ms', ({ stats }) => stats.latencyMs.p95, { sortable: true }),
  numberColumn('p99', 'p99', 'ms', ({ stats }) => stats.latencyMs.p99, {
    sortable: true,
    hideBelow: 'narrow',
  }),
];

/** One service: its endpoints, status codes, what requests cost, and releases that made it slower. */
export function Page() {
  const service = param('service').value ?? '';
  const query = useQuery(Endpoints, variables, { everyMs: 30_000 });
  return (
    <>
      <PageHead
        title={service}
        subtitle={
          <>
            <a href={linkTo('/requests', { service })}>Its requests</a> ·{' '}
            <a href={linkTo('/errors', { service })}>its errors</a> ·{' '}
            <a href={linkTo('/services')}>all services</a>
          </>
        }
      />
      <RequestCharts by="endpoint" filter={filter} group="service" />
      <TablePanel
        query={query}
        title="Endpoints"
        empty={{ text: 'No requests in this range.' }}
        rowsOf={({ requestLogAnalytics }) => requestLogAnalytics.groups}
        keyOf={({ dimensions }) => `${dimensions.method} ${dimensions.endpoint}`}
        hrefOf={({ dimensions }) => linkTo('/requests', { service, endpoint: dimensions.endpoint ?? null })}
        columns={ENDPOINTS}
      />
      <Grid min={300}>
        <BarPanel
          query={query}
          title="Status codes"
          unit="count"
          barsOf={({ requestLogAnalytics }) =>
            requestLogAnalytics.statuses.map(({ value, count }) => ({
              name: String(value),
              value: count,
              tone: toneOfStatus(Number(value)),
              href: linkTo('/requests', { service, status: String(value) }),
            }))
          }
        />
        <Costs />
        <Rises />
      </Grid>
    </>
  );
}

function toneOfStatus(status: number) {
  if (status >= 500) return 'bad' as const;
  return status >= 400 ? ('warn' as const) : ('accent' as const);
}

type Cost = EndpointCostsQuery['endpointCosts'][number];

const COSTS: readonly Column<Cost>[] = [
  textColumn('endpoint', 'Endpoint', ({ method, endpoint }) => `${method} ${endpoint}`),
  numberColumn('calls', 'Calls each', 'number', (row) => row.llmCallsPerRequest, { hideBelow: 'narrow' }),
  numberColumn('each', 'Cost each', 'usd', (row) => row.costPerRequest),
  numberColumn('cost', 'Cost', 'usd', ({ cost }) => cost),
];

function Costs() {
  const query = useQuery(EndpointCosts, variables, { everyMs: 120_000 });
  return (
    <TablePanel
      title="What requests cost"
      subtitle="By the model calls that name them"
      query={query}
      empty={{ text: 'No model call names a request of this service (`requestId`).' }}
      caption="Cost of requests"
      rowsOf={({ endpointCosts }) => endpointCosts}
      dense
      keyOf={({ method, endpoint }) => `${method} ${endpoint}`}
      columns={COSTS}
    />
  );
}

type Rise = LatencyRisesQuery['latencyRises'][number];

const RISES: readonly Column<Rise>[] = [
  {
    key: 'release',
    title: 'Release',
    value: ({ release }) => release,
    cell: ({ release, commit }) => commit?.shortHash ?? release,
  },
  textColumn('commit', 'Commit', ({ commit }) => commit?.message, { hideBelow: 'narrow' }),
  numberColumn('before', 'p95 before', 'ms', ({ before }) => before.p95LatencyMs),
  numberColumn('after', 'p95 after', 'ms', ({ after }) => after.p95LatencyMs),
];

function Rises() {
  const query = useQuery(LatencyRises, variables);
  return (
    <TablePanel
      title="Releases that made it slower"
      query={query}
      empty={{ text: 'No release in this range raised the 95th percentile.' }}
      rowsOf={({ latencyRises }) => latencyRises}
      dense
      keyOf={({ release, at }) => `${release} ${at}`}
      columns={RISES}
    />
  );
}
