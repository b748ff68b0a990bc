import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { RequestCharts } from '../shared/request-charts.tsx';
import { rowsOf } from './rows.ts';

const ServicesQuery = graphql(`
  query Services($range: TimeRangeInput!) {
    requestLogAnalytics(range: $range) {
      groups(first: 200, orderBy: { field: COUNT, aggregate: SUM, direction: DESC }) {
        dimensions { service }
        stats { count errorRate latencyMs { p50 p95 p99 } }
      }
    }
    calls: llmCallAnalytics(range: $range) {
      groups(first: 200, orderBy: { field: COST, aggregate: SUM, direction: DESC }) {
        dimensions { service }
        stats { count cost { sum } }
      }
    }
    errors: errorLogAnalytics(range: $range) {
      groups(first: 200, orderBy: { field: COUNT, aggregate: SUM, direction: DESC }) {
        dimensions { service }
        stats { count }
      }
    }
  }
`);

/** Every service: its requests, how they did, its errors and what its model calls cost. */
export function Page() {
  const variables = () => ({ range: range.value });
  const query = useQuery(ServicesQuery, variables, { everyMs: 30_000 });
  return (
    <>
      <PageHead title="Services and endpoints" subtitle="Requests, failures, latency, errors and cost" />
      <RequestCharts by="service" group="services" />
      <QueryPanel
        title="Services"
        query={query}
        document={ServicesQuery}
        variables={variables()}
        isEmpty={(data) => rowsOf(data).length === 0}
        empty={{ text: 'No service sent requests or model calls in this range.' }}
        flush
      >
        {(data) => (
          <DataTable
            caption="Services"
            rows={rowsOf(data)}
            keyOf={({ service }) => service}
            hrefOf={({ service }) => linkTo('/services/one', { service })}
            columns={[
              { key: 'service', title: 'Service', value: ({ service }) => service, sortable: true },
              {
                key: 'requests',
                title: 'Requests',
                unit: 'count',
                value: (row) => row.requests,
                sortable: true,
              },
              {
                key: 'failed',
                title: 'Failed',
                unit: 'ratio',
                value: (row) => row.errorRate,
                sortable: true,
              },
              { key: 'p50', title: 'p50', unit: 'ms', value: (row) => row.p50, hideBelow: 'medium' },
              { key: 'p95', title: 'p95', unit: 'ms', value: (row) => row.p95, sortable: true },
              { key: 'p99', title: 'p99', unit: 'ms', value: (row) => row.p99, hideBelow: 'medium' },
              {
                key: 'errors',
                title: 'Errors',
                unit: 'count',
                value: (row) => row.errors,
                sortable: true,
                hideBelow: 'narrow',
              },
              {
                key: 'calls',
                title: 'Model calls',
                unit: 'count',
                value: (row) => row.calls,
                hideBelow: 'narrow',
              },
              { key: 'cost', title: 'Cost', unit: 'usd', value: (row) => row.cost, sortable: true },
            ]}
          />
        )}
      </QueryPanel>
    </>
  );
}
