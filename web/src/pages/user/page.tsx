import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { BarList } from '../../parts/bar-list.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo, param } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { useMarkers } from '../shared/markers.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { chartOf } from '../shared/series.ts';

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

/** One end user: what it used and what that cost. */
export function Page() {
  const variables = () => ({ range: range.value, endUser: endUser() });
  const query = useQuery(OneEndUser, variables, { everyMs: 60_000 });
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
        <QueryPanel
          title="Cost by model"
          query={query}
          document={OneEndUser}
          variables={variables()}
          isEmpty={({ llmCallAnalytics }) => llmCallAnalytics.models.length === 0}
        >
          {({ llmCallAnalytics }) => (
            <BarList
              unit="usd"
              items={llmCallAnalytics.models.map(({ dimensions: { model }, stats }) => ({
                key: model ?? '',
                label: model ?? '',
                value: stats.cost.sum ?? null,
              }))}
            />
          )}
        </QueryPanel>
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
      unit="usd"
      kind="bars"
      query={query}
      document={Course}
      variables={variables()}
      markers={useMarkers()}
      group="user"
      height={276}
      chart={({ llmCallAnalytics }) =>
        chartOf(
          llmCallAnalytics.series,
          ({ cost }) => cost.sum,
          () => 'cost',
        )
      }
    />
  );
}

function NewestCalls() {
  const variables = () => ({ ...pageArguments(20), endUser: endUser() });
  const query = useQuery(Calls, variables, { everyMs: 30_000 });
  return (
    <QueryPanel
      title="Newest calls"
      query={query}
      document={Calls}
      variables={variables()}
      isEmpty={({ llmCalls }) => llmCalls.nodes.length === 0}
      footer={query.data && <ListPager pageInfo={query.data.llmCalls.pageInfo} />}
      flush
    >
      {({ llmCalls }) => (
        <DataTable
          caption="Newest calls"
          dense
          rows={llmCalls.nodes}
          keyOf={({ id }) => id}
          hrefOf={({ requestLog }) =>
            requestLog ? linkTo(`/requests/${encodeURIComponent(requestLog.id)}`) : undefined
          }
          columns={[
            {
              key: 'time',
              title: 'Time',
              cell: (row) => <Time at={row.timestamp} zone={zone.value} show="short" />,
              value: (row) => row.timestamp,
            },
            { key: 'model', title: 'Model', value: ({ provider, model }) => `${provider} ${model}` },
            { key: 'success', title: 'Outcome', value: ({ success }) => (success ? 'succeeded' : 'failed') },
            { key: 'tokens', title: 'Tokens', unit: 'tokens', value: ({ totalTokens }) => totalTokens },
            { key: 'latency', title: 'Latency', unit: 'ms', value: ({ latencyMs }) => latencyMs },
            { key: 'cost', title: 'Cost', unit: 'usd', value: ({ cost }) => cost },
          ]}
        />
      )}
    </QueryPanel>
  );
}
