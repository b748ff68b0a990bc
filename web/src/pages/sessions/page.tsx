import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo, param } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { FilterBar } from '../shared/filter-bar.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';

const SessionsQuery = graphql(`
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
    options: [{ value: 'dearest', label: 'Dearest first' }],
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

/** The sessions of agents and users, with what each did and cost. */
export function Page() {
  const query = useQuery(SessionsQuery, variables, { everyMs: 30_000 });
  return (
    <>
      <PageHead title="Sessions" subtitle="What agents and users did in one go, and what that cost" />
      <FilterBar fields={FIELDS} />
      <QueryPanel
        title="Sessions"
        query={query}
        document={SessionsQuery}
        variables={variables()}
        isEmpty={({ sessions }) => sessions.nodes.length === 0}
        empty={{ text: 'No event in this range names its session (`sessionId`).' }}
        footer={query.data && <ListPager pageInfo={query.data.sessions.pageInfo} />}
        flush
      >
        {({ sessions }) => (
          <DataTable
            caption="Sessions"
            dense
            rows={sessions.nodes}
            keyOf={({ id }) => id}
            hrefOf={({ sessionId }) => linkTo(`/sessions/${encodeURIComponent(sessionId)}`)}
            columns={[
              {
                key: 'start',
                title: 'Started',
                cell: (row) => <Time at={row.startedAt} zone={zone.value} show="short" />,
                value: (row) => row.startedAt,
              },
              { key: 'agent', title: 'Agent', value: ({ agentId }) => agentId },
              { key: 'repository', title: 'Repository', value: (row) => row.repository, hideBelow: 'narrow' },
              { key: 'branch', title: 'Branch', value: ({ branch }) => branch, hideBelow: 'medium' },
              { key: 'length', title: 'Length', unit: 'ms', value: ({ durationMs }) => durationMs },
              {
                key: 'calls',
                title: 'Calls',
                unit: 'count',
                value: (row) => row.llmCallCount,
                hideBelow: 'narrow',
              },
              {
                key: 'tools',
                title: 'Tools',
                unit: 'count',
                value: (row) => row.toolCallCount,
                hideBelow: 'medium',
              },
              {
                key: 'errors',
                title: 'Errors',
                unit: 'count',
                value: ({ errorCount }) => errorCount,
                hideBelow: 'medium',
              },
              {
                key: 'commits',
                title: 'Commits',
                unit: 'count',
                value: ({ commits }) => commits,
                hideBelow: 'medium',
              },
              { key: 'cost', title: 'Cost', unit: 'usd', value: ({ cost }) => cost },
            ]}
          />
        )}
      </QueryPanel>
    </>
  );
}
