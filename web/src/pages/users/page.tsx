import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { linkTo } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { useMarkers } from '../shared/markers.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

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

// Counting users over a long range may cost more than a query may: it is asked for by itself.
const Returning = graphql(`
  query ReturningUsers($range: TimeRangeInput!, $zone: TimeZone!) {
    llmCallAnalytics(range: $range) {
      users(grain: DAY, timeZone: $zone) { start users returned }
    }
  }
`);

/** Who uses the models: spend, calls and who comes back. */
export function Page() {
  const variables = () => ({ range: range.value });
  const query = useQuery(EndUsers, variables, { everyMs: 60_000 });
  const totals = query.data?.llmCallAnalytics.totals;
  return (
    <>
      <PageHead title="End users" subtitle="By the endUser that model calls name" />
      <Grid min={160} gap="tight">
        <Stat title="End users" value={totals?.countDistinct} unit="count" />
        <Stat title="Calls" value={totals?.count} unit="count" />
        <Stat title="Cost" value={totals?.cost.sum} unit="usd" />
        <Stat
          title="Cost of a user"
          value={totals?.cost.sum && totals.countDistinct ? totals.cost.sum / totals.countDistinct : null}
          unit="usd"
        />
      </Grid>
      <ReturningUsers />
      <QueryPanel
        title="End users"
        subtitle="The 100 who cost most"
        query={query}
        document={EndUsers}
        variables={variables()}
        isEmpty={({ llmCallAnalytics }) => llmCallAnalytics.groups.length === 0}
        empty={{ text: 'No model call in this range names its end user (`endUser`).' }}
        flush
      >
        {({ llmCallAnalytics }) => (
          <DataTable
            caption="End users"
            rows={llmCallAnalytics.groups}
            keyOf={({ dimensions }) => dimensions.endUser ?? ''}
            hrefOf={({ dimensions }) => linkTo('/users/one', { user: dimensions.endUser ?? '' })}
            columns={[
              {
                key: 'user',
                title: 'End user',
                value: ({ dimensions }) => dimensions.endUser,
                sortable: true,
              },
              {
                key: 'calls',
                title: 'Calls',
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
                key: 'p95',
                title: 'p95',
                unit: 'ms',
                value: ({ stats }) => stats.latencyMs.p95,
                sortable: true,
              },
              {
                key: 'tokens',
                title: 'Tokens',
                unit: 'tokens',
                value: ({ stats }) => stats.totalTokens.sum,
                hideBelow: 'narrow',
              },
              {
                key: 'cost',
                title: 'Cost',
                unit: 'usd',
                value: ({ stats }) => stats.cost.sum,
                sortable: true,
              },
            ]}
          />
        )}
      </QueryPanel>
    </>
  );
}

function ReturningUsers() {
  const variables = () => ({ range: range.value, zone: zone.value });
  const query = useQuery(Returning, variables, { everyMs: 300_000 });
  return (
    <ChartPanel
      title="Users a day"
      subtitle="And how many of them were there the day before"
      unit="count"
      kind="line"
      query={query}
      document={Returning}
      variables={variables()}
      markers={useMarkers()}
      group="users"
      nothing="No model call in this range names its end user."
      chart={({ llmCallAnalytics: { users } }) => ({
        times: users.map(({ start }) => Date.parse(start)),
        series: [
          { key: 'users', label: 'users', values: users.map((day) => day.users) },
          { key: 'returned', label: 'came back', values: users.map(({ returned }) => returned ?? null) },
        ],
      })}
    />
  );
}
