import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { OneEndUserCallsQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { linkTo, linkToOne, param } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { BarPanel } from '../shared/bar-panel.tsx';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { useMarkers } from '../shared/markers.ts';
import { chartOf } from '../shared/series.ts';
import { TablePanel } from '../shared/table-panel.tsx';

const OneEndUser = graphql(`
  query OneEndUser($range: TimeRangeInput!, $endUser: String!) {
    llmCallAnalytics(range: $range, filter: { endUser: { eq: $endUser } }) {
      totals { count errorRate cost { sum } totalTokens { sum } latencyMs { p95 } }
      models: groups(first: 10, orderBy: { field: COST, aggregate: SUM, direction: DESC }) {
        dimensions { model }
        stats { cost { sum } }
      }
    }
  }
`);

const Course = graphql(`
  query OneEndUserSeries($range: TimeRangeInput!, $zone: TimeZone!, $endUser: String!) {
    llmCallAnalytics(range: $range, filter: { endUser: { eq: $endUser } }) {
      series(timeZone: $zone) { points { start stats { cost { sum } } } }
    }
  }
`);

const Calls = graphql(`
  query OneEndUserCalls($first: Int, $after: String, $last: Int, $before: String, $endUser: String!) {
    llmCalls(first: $first, after: $after, last: $last, before: $before, filter: { endUser: { eq: $endUser } }) {
      nodes { id timestamp provider model success cost totalTokens latencyMs requestLog { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const endUser = () => param('user').value ?? '';

/** One end user: its usage and its cost. */
export function Page() {
  const query = useQuery(OneEndUser, () => ({ range: range.value, endUser: endUser() }), { everyMs: 60_000 });
  const totals = query.data?.llmCallAnalytics.totals;
  return (
    <>
      <PageHead title={endUser()} subtitle={<a href={linkTo('/users')}>All end users</a>} />
      <Grid min={140} gap="tight">
        <Stat title="Calls" value={totals?.count} unit="count" />
        <Stat title="Failed" value={totals?.errorRate} unit="ratio" />
        <Stat title="Cost" value={totals?.cost.sum} unit="usd" />
        <Stat title="Tokens" value={totals?.totalTokens.sum} unit="tokens" />
        <Stat title="Latency, p95" value={totals?.latencyMs.p95} unit="ms" />
      </Grid>
      <Grid min={340}>
        <CostOverTime />
        <BarPanel
          title="Cost by model"
          query={query}
          unit="usd"
          barsOf={({ llmCallAnalytics }) =>
            llmCallAnalytics.models.map(({ dimensions: { model }, stats }) => ({
              name: model ?? '',
              value: stats.cost.sum ?? null,
            }))
          }
        />
      </Grid>
      <NewestCalls />
    </>
  );
}

function CostOverTime() {
  const variables = () => ({ range: range.value, zone: zone.value, endUser: endUser() });
  const query = useQuery(Course, variables, { everyMs: 60_000 });
  return (
    <ChartPanel
      title="Cost over time"
      query={query}
      unit="usd"
      kind="bars"
      markers={useMarkers()}
      group="user"
      height={276}
      chart={({ llmCallAnalytics }) => chartOf(llmCallAnalytics.series, ({ cost }) => cost.sum, 'cost')}
    />
  );
}

type Call = OneEndUserCallsQuery['llmCalls']['nodes'][number];

const COLUMNS: readonly Column<Call>[] = [
  timeColumn('time', 'Time', (row) => row.timestamp, { show: 'exact' }),
  textColumn('model', 'Model', ({ provider, model }) => `${provider} ${model}`),
  textColumn('success', 'Outcome', ({ success }) => (success ? 'succeeded' : 'failed')),
  numberColumn('tokens', 'Tokens', 'tokens', ({ totalTokens }) => totalTokens),
  numberColumn('latency', 'Latency', 'ms', ({ latencyMs }) => latencyMs),
  numberColumn('cost', 'Cost', 'usd', ({ cost }) => cost),
];

function NewestCalls() {
  const query = useQuery(Calls, () => ({ ...pageArguments(20), endUser: endUser() }), { everyMs: 30_000 });
  return (
    <TablePanel
      title="Newest calls"
      query={query}
      rowsOf={({ llmCalls }) => llmCalls.nodes}
      pageInfoOf={({ llmCalls }) => llmCalls.pageInfo}
      keyOf={({ id }) => id}
      hrefOf={({ requestLog }) => (requestLog ? linkToOne('/requests', requestLog.id) : undefined)}
      columns={COLUMNS}
      dense
    />
  );
}
