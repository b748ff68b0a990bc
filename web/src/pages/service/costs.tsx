import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { EndpointCostsQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';
import { variables } from './variables.ts';

// Reads rows, so it is a separate question.
const EndpointCosts = graphql(`
  query EndpointCosts($range: TimeRangeInput!, $filter: RequestLogFilter) {
    endpointCosts(range: $range, filter: $filter, first: 100) {
      endpoint method requests llmCalls cost llmCallsPerRequest costPerRequest
    }
  }
`);

type Cost = EndpointCostsQuery['endpointCosts'][number];

const COSTS: readonly Column<Cost>[] = [
  textColumn('endpoint', 'Endpoint', ({ method, endpoint }) => `${method} ${endpoint}`, { width: '60%' }),
  numberColumn('calls', 'Calls per request', 'number', (row) => row.llmCallsPerRequest, {
    hideBelow: 'narrow',
  }),
  numberColumn('each', 'Per request', 'usd', (row) => row.costPerRequest, { hint: 'Cost of one request' }),
  numberColumn('cost', 'In total', 'usd', ({ cost }) => cost),
];

export function Costs() {
  const query = useQuery(EndpointCosts, variables, { everyMs: 120_000 });
  return (
    <TablePanel
      title="What requests cost"
      subtitle="From the model calls that name them"
      caption="Cost of requests"
      query={query}
      empty={{ text: 'No model calls name a request of this service (`requestId`).' }}
      rowsOf={({ endpointCosts }) => endpointCosts}
      keyOf={({ method, endpoint }) => `${method} ${endpoint}`}
      columns={COSTS}
      dense
    />
  );
}
