import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Grid } from '../../parts/grid.tsx';
import { Heatmap } from '../../parts/heatmap.tsx';
import { Histogram } from '../../parts/histogram.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { BarPanel } from '../shared/bar-panel.tsx';
import { CallCharts } from '../shared/call-charts.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { CallFigures } from './call-figures.tsx';
import { named } from './named.ts';
import { Prices } from './prices.tsx';

const OneModel = graphql(`
  query OneModel($range: TimeRangeInput!, $zone: TimeZone!, $provider: String!, $model: String!) {
    llmCallAnalytics(range: $range, filter: { provider: { eq: $provider }, model: { eq: $model } }) {
      totals {
        count errorRate cost { sum avg } latencyMs { p50 p95 } timeToFirstTokenMs { p50 } tokensPerSecond { p50 }
        promptTokens { sum } completionTokens { sum }
      }
      errors: groups(first: 10, orderBy: { field: COUNT, aggregate: SUM, direction: DESC }) {
        dimensions { errorType }
        stats { count }
      }
      finish: distinct(dimension: FINISH_REASON) { value count }
      unpriced: distinct(dimension: COST_PROBLEM) { value count }
      histogram(measure: LATENCY_MS, scale: LOG, buckets: 24) { buckets { from to count } }
      heatmap(measure: LATENCY_MS, scale: LOG, buckets: 20, timeZone: $zone) {
        buckets { to }
        points { start counts }
      }
    }
  }
`);

/** One model: its speed, its failures, its finish reasons, and its cost. */
export function Page() {
  const variables = () => ({ ...named(), range: range.value, zone: zone.value });
  const query = useQuery(OneModel, variables, { everyMs: 60_000 });
  const { provider, model } = named();
  return (
    <>
      <PageHead
        title={model}
        subtitle={
          <>
            {provider} · <a href={linkTo('/models')}>All models</a>
          </>
        }
      />
      <CallFigures totals={query.data?.llmCallAnalytics.totals} />
      <CallCharts
        by={() => 'service'}
        filter={() => ({ provider: { eq: named().provider }, model: { eq: named().model } })}
        group="model"
      />
      <Grid min={340}>
        <QueryPanel
          query={query}
          title="Latency of the calls"
          isEmpty={({ llmCallAnalytics }) => llmCallAnalytics.histogram.buckets.length === 0}
        >
          {({ llmCallAnalytics: { histogram } }) => (
            <Histogram
              title="Latency of the calls"
              bounds={histogram.buckets.map(({ to }) => to)}
              counts={histogram.buckets.map(({ count }) => count)}
              from={histogram.buckets[0]?.from}
              unit="ms"
            />
          )}
        </QueryPanel>
        <QueryPanel
          query={query}
          title="Latency over time"
          isEmpty={({ llmCallAnalytics }) => llmCallAnalytics.heatmap.buckets.length === 0}
        >
          {({ llmCallAnalytics: { heatmap } }) => (
            <Heatmap
              title="Latency over time"
              times={heatmap.points.map(({ start }) => Date.parse(start))}
              bounds={heatmap.buckets.map(({ to }) => to)}
              counts={heatmap.points.map(({ counts }) => counts)}
              unit="ms"
              zone={zone.value}
            />
          )}
        </QueryPanel>
        <BarPanel
          title="Errors"
          query={query}
          empty={{ title: 'No failed calls' }}
          unit="count"
          barsOf={({ llmCallAnalytics }) => errorsOf(llmCallAnalytics.errors)}
        />
        <BarPanel
          title="Finish reasons"
          query={query}
          empty={{ title: 'No call has a finishReason' }}
          unit="count"
          barsOf={({ llmCallAnalytics }) => barsOf(llmCallAnalytics.finish)}
        />
        <BarPanel
          title="Why costs are unknown"
          query={query}
          empty={{ title: 'Every call has a known cost' }}
          unit="count"
          barsOf={({ llmCallAnalytics }) => barsOf(llmCallAnalytics.unpriced)}
        />
        <Prices />
      </Grid>
    </>
  );
}

const barsOf = (values: readonly { value: unknown; count: number }[]) =>
  values.map(({ value, count }) => ({ name: String(value), value: count }));

const errorsOf = (
  groups: readonly { dimensions: { errorType?: string | null }; stats: { count: number } }[],
) =>
  groups.flatMap(({ dimensions: { errorType }, stats }) =>
    errorType ? [{ name: errorType, value: stats.count, tone: 'bad' as const }] : [],
  );
