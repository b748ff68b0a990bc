import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { EndpointsQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo, param } from '../../state/location.ts';
import { BarPanel } from '../shared/bar-panel.tsx';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { RequestCharts } from '../shared/request-charts.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { Costs } from './costs.tsx';
import { Rises } from './rises.tsx';
import { filter, variables } from './variables.ts';

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

type Endpoint = EndpointsQuery['requestLogAnalytics']['groups'][number];

const ENDPOINTS: readonly Column<Endpoint>[] = [
  textColumn('method', 'Method', ({ dimensions }) => dimensions.method, { width: '80px' }),
  textColumn('endpoint', 'Endpoint', ({ dimensions }) => dimensions.endpoint, {
    sortable: true,
    width: '30%',
  }),
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

/**
 * One service: its endpoints, status codes, the cost of requests, and releases that made it slower.
 */
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
        title="Endpoints"
        query={query}
        empty={{ text: 'No requests in this range.' }}
        rowsOf={({ requestLogAnalytics }) => requestLogAnalytics.groups}
        keyOf={({ dimensions }) => `${dimensions.method} ${dimensions.endpoint}`}
        hrefOf={({ dimensions }) => linkTo('/requests', { service, endpoint: dimensions.endpoint ?? null })}
        columns={ENDPOINTS}
      />
      <Grid min={300}>
        <BarPanel
          title="Status codes"
          query={query}
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
