import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { SessionsQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { linkToOne, param } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { FilterBar } from '../shared/filter-bar.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const Sessions = graphql(`
  query Sessions(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $filter: SessionFilter
    $orderBy: SessionOrder
    $range: TimeRangeInput
  ) {
    sessions(
      first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy, range: $range
    ) {
      nodes {
        id sessionId agentId repository branch startedAt durationMs cost totalTokens llmCallCount toolCallCount
        errorCount commits linesAdded
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const FIELDS = [
  { name: 'agent', label: 'Agent' },
  { name: 'repository', label: 'Repository' },
  {
    name: 'order',
    label: 'Order',
    otherwise: 'Newest first',
    options: [{ value: 'dearest', label: 'Most expensive first' }],
  },
];

function variables() {
  const [agent, repository] = [param('agent').value, param('repository').value];
  const byCost = param('order').value === 'dearest';
  return {
    ...pageArguments(),
    range: range.value,
    filter: {
      ...(agent && { agentIds: { has: agent } }),
      ...(repository && { repository: { eq: repository } }),
    },
    ...(byCost && { orderBy: { field: 'COST' as const, direction: 'DESC' as const } }),
  };
}

type Session = SessionsQuery['sessions']['nodes'][number];

const COLUMNS: readonly Column<Session>[] = [
  timeColumn('start', 'Started', (row) => row.startedAt, { show: 'short' }),
  textColumn('agent', 'Agent', ({ agentId }) => agentId),
  textColumn('repository', 'Repository', (row) => row.repository, { hideBelow: 'narrow' }),
  textColumn('branch', 'Branch', ({ branch }) => branch, { hideBelow: 'medium' }),
  numberColumn('length', 'Length', 'ms', ({ durationMs }) => durationMs),
  numberColumn('calls', 'Calls', 'count', (row) => row.llmCallCount, { hideBelow: 'narrow' }),
  numberColumn('tools', 'Tools', 'count', (row) => row.toolCallCount, { hideBelow: 'medium' }),
  numberColumn('errors', 'Errors', 'count', ({ errorCount }) => errorCount, { hideBelow: 'medium' }),
  numberColumn('commits', 'Commits', 'count', ({ commits }) => commits, { hideBelow: 'medium' }),
  numberColumn('cost', 'Cost', 'usd', ({ cost }) => cost),
];

/** The sessions of agents and users, with the activity and cost of each. */
export function Page() {
  const query = useQuery(Sessions, variables, { everyMs: 30_000 });
  return (
    <>
      <PageHead title="Sessions" subtitle="What agents and users did in each session, and what it cost" />
      <FilterBar fields={FIELDS} />
      <TablePanel
        title="Sessions"
        query={query}
        empty={{ text: 'No events in this range name their session (`sessionId`).' }}
        rowsOf={({ sessions }) => sessions.nodes}
        pageInfoOf={({ sessions }) => sessions.pageInfo}
        keyOf={({ id }) => id}
        hrefOf={({ sessionId }) => linkToOne('/sessions', sessionId)}
        columns={COLUMNS}
        dense
      />
    </>
  );
}
