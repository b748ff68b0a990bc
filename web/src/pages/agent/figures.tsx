import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Grid } from '../../parts/grid.tsx';
import { Stat } from '../../parts/stat.tsx';
import { range, zone } from '../../state/view.ts';
import { BarPanel } from '../shared/bar-panel.tsx';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { useMarkers } from '../shared/markers.ts';
import { chartOf } from '../shared/series.ts';

const Figures = graphql(`
  query AgentFigures($agentId: String!, $range: TimeRangeInput!, $zone: TimeZone!) {
    llmCallAnalytics(range: $range, filter: { agentId: { eq: $agentId } }) {
      totals { count errorRate cost { sum } totalTokens { sum } }
      series(timeZone: $zone) { points { start stats { cost { sum } } } }
    }
    toolCallAnalytics(range: $range, filter: { agentId: { eq: $agentId } }) {
      totals { count }
      groups(first: 12, orderBy: { field: COUNT, aggregate: SUM, direction: DESC }) {
        dimensions { tool }
        stats { count }
      }
    }
    agentUsageAnalytics(range: $range, filter: { agentId: { eq: $agentId } }) {
      groups(first: 20) { dimensions { kind } stats { amount { sum } } }
    }
  }
`);

/** The cost and usage of an agent in the range. */
export function AgentFigures({ agentId }: { agentId: string }) {
  const variables = () => ({ agentId, range: range.value, zone: zone.value });
  const query = useQuery(Figures, variables, { everyMs: 30_000 });
  const calls = query.data?.llmCallAnalytics.totals;
  const usage = query.data?.agentUsageAnalytics.groups ?? [];
  return (
    <>
      <Grid min={176} gap="tight">
        <Stat title="Cost" value={calls?.cost.sum} unit="usd" />
        <Stat title="Model calls" value={calls?.count} unit="count" />
        <Stat title="Tokens" value={calls?.totalTokens.sum} unit="tokens" />
        <Stat title="Tool calls" value={query.data?.toolCallAnalytics.totals.count} unit="count" />
        {usage.map(({ dimensions: { kind }, stats }) => (
          <Stat
            key={kind}
            title={titleOf(kind)}
            value={stats.amount.sum}
            unit={kind === 'ACTIVE_SECONDS' ? 'seconds' : 'count'}
          />
        ))}
      </Grid>
      <Grid min={420}>
        <ChartPanel
          title="Cost over time"
          query={query}
          unit="usd"
          kind="bars"
          markers={useMarkers()}
          group="agent"
          nothing="No model calls in this range name this agent."
          chart={({ llmCallAnalytics }) => chartOf(llmCallAnalytics.series, ({ cost }) => cost.sum, 'cost')}
        />
        <BarPanel
          title="Tools"
          query={query}
          empty={{ title: 'No tool calls in this range' }}
          unit="count"
          barsOf={({ toolCallAnalytics }) =>
            toolCallAnalytics.groups.map(({ dimensions, stats }) => ({
              name: dimensions.tool ?? '',
              value: stats.count,
            }))
          }
        />
      </Grid>
    </>
  );
}

/** LINES_ADDED → Lines added */
function titleOf(kind: string | null | undefined): string {
  if (kind === 'ACTIVE_SECONDS') return 'Active time';
  const words = (kind ?? 'other').toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
