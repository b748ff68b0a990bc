import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { Column } from '../../parts/column.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { RequestCharts } from '../shared/request-charts.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
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

type Row = ReturnType<typeof rowsOf>[number];

const COLUMNS: readonly Column<Row>[] = [
  textColumn('service', 'Service', ({ service }) => service, { sortable: true }),
  numberColumn('requests', 'Requests', 'count', (row) => row.requests, { sortable: true }),
  numberColumn('failed', 'Failed', 'ratio', (row) => row.errorRate, { sortable: true }),
  numberColumn('p50', 'p50', 'ms', (row) => row.p50, { hideBelow: 'medium' }),
  numberColumn('p95', 'p95', 'ms', (row) => row.p95, { sortable: true }),
  numberColumn('p99', 'p99', 'ms', (row) => row.p99, { hideBelow: 'medium' }),
  numberColumn('errors', 'Errors', 'count', (row) => row.errors, { sortable: true, hideBelow: 'narrow' }),
  numberColumn('calls', 'Model calls', 'count', (row) => row.calls, { hideBelow: 'narrow' }),
  numberColumn('cost', 'Cost', 'usd', (row) => row.cost, { sortable: true }),
];

/** Every service: its requests, their outcomes, its errors and the cost of its model calls. */
export function Page() {
  const query = useQuery(ServicesQuery, () => ({ range: range.value }), { everyMs: 30_000 });
  return (
    <>
      <PageHead title="Services and endpoints" subtitle="Requests, failures, latency, errors and cost" />
      <RequestCharts by="service" group="services" />
      <TablePanel
        title="Services"
        query={query}
        empty={{ text: 'No service sent requests or model calls in this range.' }}
        rowsOf={rowsOf}
        keyOf={({ service }) => service}
        hrefOf={({ service }) => linkTo('/services/one', { service })}
        columns={COLUMNS}
      />
    </>
  );
}
