import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { EndUsersQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { linkTo } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { linesOf } from '../shared/lines.ts';
import { useMarkers } from '../shared/markers.ts';
import { TablePanel } from '../shared/table-panel.tsx';

const EndUsers = graphql(`
  query EndUsers($range: TimeRangeInput!) {
    llmCallAnalytics(range: $range, filter: { endUser: { ne: null } }) {
      totals { count countDistinct(dimension: END_USER) cost { sum } }
      groups(first: 100, orderBy: { field: COST, aggregate: SUM, direction: DESC }) {
        dimensions { endUser }
        stats { count errorRate cost { sum } totalTokens { sum } latencyMs { p95 } }
      }
    }
  }
`);

// Counting users over a long range may exceed the price limit of a query, so it is a separate
// question.
const Returning = graphql(`
  query ReturningUsers($range: TimeRangeInput!, $zone: TimeZone!) {
    llmCallAnalytics(range: $range) {
      users(grain: DAY, timeZone: $zone) { start users returned }
    }
  }
`);

type EndUser = EndUsersQuery['llmCallAnalytics']['groups'][number];

const COLUMNS: readonly Column<EndUser>[] = [
  textColumn('user', 'End user', ({ dimensions }) => dimensions.endUser, { sortable: true }),
  numberColumn('calls', 'Calls', 'count', ({ stats }) => stats.count, { sortable: true }),
  numberColumn('failed', 'Failed', 'ratio', ({ stats }) => stats.errorRate, { sortable: true }),
  numberColumn('p95', 'p95', 'ms', ({ stats }) => stats.latencyMs.p95, { sortable: true }),
  numberColumn('tokens', 'Tokens', 'tokens', ({ stats }) => stats.totalTokens.sum, { hideBelow: 'narrow' }),
  numberColumn('cost', 'Cost', 'usd', ({ stats }) => stats.cost.sum, { sortable: true }),
];

/** Who uses the models: spend, calls and returning users. */
export function Page() {
  const query = useQuery(EndUsers, () => ({ range: range.value }), { everyMs: 60_000 });
  const totals = query.data?.llmCallAnalytics.totals;
  return (
    <>
      <PageHead title="End users" subtitle="By the endUser of model calls" />
      <Grid min={160} gap="tight">
        <Stat title="End users" value={totals?.countDistinct} unit="count" />
        <Stat title="Calls" value={totals?.count} unit="count" />
        <Stat title="Cost" value={totals?.cost.sum} unit="usd" />
        <Stat
          title="Cost per user"
          value={totals?.cost.sum && totals.countDistinct ? totals.cost.sum / totals.countDistinct : null}
          unit="usd"
        />
      </Grid>
      <ReturningUsers />
      <TablePanel
        title="End users"
        subtitle="The 100 with the highest cost"
        query={query}
        empty={{ text: 'No model calls in this range name their end user (`endUser`).' }}
        rowsOf={({ llmCallAnalytics }) => llmCallAnalytics.groups}
        keyOf={({ dimensions }) => dimensions.endUser ?? ''}
        hrefOf={({ dimensions }) => linkTo('/users/one', { user: dimensions.endUser ?? '' })}
        columns={COLUMNS}
      />
    </>
  );
}

function ReturningUsers() {
  const query = useQuery(Returning, () => ({ range: range.value, zone: zone.value }), { everyMs: 300_000 });
  return (
    <ChartPanel
      title="Users per day"
      subtitle="And how many of them were also active the day before"
      query={query}
      unit="count"
      kind="line"
      markers={useMarkers()}
      group="users"
      nothing="No model calls in this range name their end user."
      chart={({ llmCallAnalytics }) =>
        linesOf(llmCallAnalytics.users, [
          { key: 'users', read: ({ users }) => users },
          { key: 'returned', label: 'returned', read: ({ returned }) => returned },
        ])
      }
    />
  );
}
