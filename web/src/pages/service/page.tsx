import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { BarList } from '../../parts/bar-list.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo, param } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { RequestCharts } from '../shared/request-charts.tsx';

const EndpointsQuery = graphql(`
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

/** One service: its endpoints, status codes, what requests cost, and releases that made it slower. */
export function Page() {
  const service = param('service').value ?? '';
  const query = useQuery(EndpointsQuery, variables, { everyMs: 30_000 });
  const shared = { query, document: EndpointsQuery, variables: variables() };
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
      <QueryPanel
        {...shared}
        title="Endpoints"
        isEmpty={({ requestLogAnalytics }) => requestLogAnalytics.groups.length === 0}
        empty={{ text: 'No requests in this range.' }}
        flush
      >
        {({ requestLogAnalytics }) => (
          <DataTable
            caption="Endpoints"
            rows={requestLogAnalytics.groups}
            keyOf={({ dimensions }) => `${dimensions.method} ${dimensions.endpoint}`}
            hrefOf={({ dimensions }) =>
              linkTo('/requests', { service, endpoint: dimensions.endpoint ?? null })
            }
            columns={[
              { key: 'method', title: 'Method', value: ({ dimensions }) => dimensions.method, width: '80px' },
              {
                key: 'endpoint',
                title: 'Endpoint',
                value: ({ dimensions }) => dimensions.endpoint,
                sortable: true,
              },
              {
                key: 'count',
                title: 'Requests',
                unit: 'count',
                value: ({ stats }) => stats.count,
                sortable: true,
              },
              {
                key: 'failed',
                title: 'Failed',
                unit: 'ratio',
                value: ({ stats }) => stats.errorRate,
                sortable: true,
              },
              {
                key: 'p50',
                title: 'p50',
                unit: 'ms',
                value: ({ stats }) => stats.latencyMs.p50,
                sortable: true,
                hideBelow: 'narrow',
              },
              {
                key: 'p95',
                title: 'p95',
                unit: 'ms',
                value: ({ stats }) => stats.latencyMs.p95,
                sortable: true,
              },
              {
                key: 'p99',
                title: 'p99',
                unit: 'ms',
                value: ({ stats }) => stats.latencyMs.p99,
                sortable: true,
                hideBelow: 'narrow',
              },
            ]}
          />
        )}
      </QueryPanel>
      <Grid min={300}>
        <QueryPanel
          {...shared}
          title="Status codes"
          isEmpty={({ requestLogAnalytics }) => requestLogAnalytics.statuses.length === 0}
        >
          {({ requestLogAnalytics }) => (
            <BarList
              unit="count"
              items={requestLogAnalytics.statuses.map(({ value, count }) => ({
                key: String(value),
                label: String(value),
                value: count,
                tone: toneOfStatus(Number(value)),
                href: linkTo('/requests', { service, status: String(value) }),
              }))}
            />
          )}
        </QueryPanel>
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

function Costs() {
  const query = useQuery(EndpointCosts, variables, { everyMs: 120_000 });
  return (
    <QueryPanel
      title="What requests cost"
      subtitle="By the model calls that name them"
      query={query}
      document={EndpointCosts}
      variables={variables()}
      isEmpty={({ endpointCosts }) => endpointCosts.length === 0}
      empty={{ text: 'No model call names a request of this service (`requestId`).' }}
      flush
    >
      {({ endpointCosts }) => (
        <DataTable
          caption="Cost of requests"
          dense
          rows={endpointCosts}
          keyOf={({ method, endpoint }) => `${method} ${endpoint}`}
          columns={[
            { key: 'endpoint', title: 'Endpoint', value: ({ method, endpoint }) => `${method} ${endpoint}` },
            {
              key: 'calls',
              title: 'Calls each',
              unit: 'number',
              value: (row) => row.llmCallsPerRequest,
              hideBelow: 'narrow',
            },
            { key: 'each', title: 'Cost each', unit: 'usd', value: (row) => row.costPerRequest },
            { key: 'cost', title: 'Cost', unit: 'usd', value: ({ cost }) => cost },
          ]}
        />
      )}
    </QueryPanel>
  );
}

function Rises() {
  const query = useQuery(LatencyRises, variables);
  return (
    <QueryPanel
      title="Releases that made it slower"
      query={query}
      document={LatencyRises}
      variables={variables()}
      isEmpty={({ latencyRises }) => latencyRises.length === 0}
      empty={{ text: 'No release in this range raised the 95th percentile.' }}
      flush
    >
      {({ latencyRises }) => (
        <DataTable
          caption="Releases that made it slower"
          dense
          rows={latencyRises}
          keyOf={({ release, at }) => `${release} ${at}`}
          columns={[
            {
              key: 'release',
              title: 'Release',
              value: ({ release }) => release,
              cell: ({ release, commit }) => commit?.shortHash ?? release,
            },
            { key: 'commit', title: 'Commit', value: ({ commit }) => commit?.message, hideBelow: 'narrow' },
            { key: 'before', title: 'p95 before', unit: 'ms', value: ({ before }) => before.p95LatencyMs },
            { key: 'after', title: 'p95 after', unit: 'ms', value: ({ after }) => after.p95LatencyMs },
          ]}
        />
      )}
    </QueryPanel>
  );
}
