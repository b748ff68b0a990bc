import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { Unit } from '../../format/value.ts';
import { Tabs } from '../../parts/tabs.tsx';
import { TimeChart } from '../../parts/time-chart.tsx';
import { param, setParams } from '../../state/location.ts';
import { range, zone, zoom } from '../../state/view.ts';
import { useMarkers } from '../shared/markers.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { chartOf, tableOf } from '../shared/series.ts';

const SeriesQuery = graphql(`
  query OverviewSeries(
    $range: TimeRangeInput!
    $zone: TimeZone!
    $byProvider: Boolean!
    $byModel: Boolean!
    $byService: Boolean!
  ) {
    llmCallAnalytics(range: $range) {
      series(timeZone: $zone, top: 7) {
        other
        dimensions {
          provider @include(if: $byProvider)
          model @include(if: $byModel)
          service @include(if: $byService)
        }
        points { start stats { count cost { sum } totalTokens { sum } latencyMs { p95 } errorRate } }
      }
    }
  }
`);

const GROUPINGS = ['provider', 'model', 'service'] as const;

type Point = {
  count: number;
  cost: { sum?: number | null };
  totalTokens: { sum?: number | null };
  latencyMs: { p95?: number | null };
  errorRate?: number | null;
};

const CHARTS: readonly {
  title: string;
  unit: Unit;
  kind: 'stacked' | 'line';
  read: (point: Point) => number | null | undefined;
}[] = [
  { title: 'Model calls', unit: 'count', kind: 'stacked', read: ({ count }) => count },
  { title: 'Cost', unit: 'usd', kind: 'stacked', read: ({ cost }) => cost.sum },
  { title: 'Latency, 95th percentile', unit: 'ms', kind: 'line', read: ({ latencyMs }) => latencyMs.p95 },
  { title: 'Calls that failed', unit: 'ratio', kind: 'line', read: ({ errorRate }) => errorRate },
];

/** The courses of calls, cost, latency and failures, by provider, model or service. */
export function Activity() {
  const by = GROUPINGS.find((name) => name === param('by').value) ?? 'provider';
  const variables = () => {
    const named = param('by').value;
    return {
      range: range.value,
      zone: zone.value,
      byProvider: named !== 'model' && named !== 'service',
      byModel: named === 'model',
      byService: named === 'service',
    };
  };
  const query = useQuery(SeriesQuery, variables, { everyMs: 15_000 });
  const markers = useMarkers();
  return (
    <section class="overview-charts" aria-label="Courses">
      <Tabs
        label="Group by"
        tabs={GROUPINGS.map((name) => ({ key: name, label: `By ${name}` }))}
        selected={by}
        onSelect={(name: string) => setParams({ by: name === 'provider' ? null : name })}
      />
      {CHARTS.map(({ title, unit, kind, read }) => (
        <QueryPanel
          key={title}
          title={title}
          query={query}
          document={SeriesQuery}
          variables={variables()}
          isEmpty={({ llmCallAnalytics }) => llmCallAnalytics.series.length === 0}
          empty={{ text: 'No model calls in this range.' }}
          table={
            query.data &&
            tableOf(
              chartOf(query.data.llmCallAnalytics.series, read, (one) => one.dimensions?.[by] ?? 'none'),
              unit,
            )
          }
          csvName={title}
        >
          {({ llmCallAnalytics }) => {
            const { times, series } = chartOf(
              llmCallAnalytics.series,
              read,
              (one) => one.dimensions?.[by] ?? 'none',
            );
            return (
              <TimeChart
                title={title}
                times={times}
                series={series}
                unit={unit}
                kind={kind}
                zone={zone.value}
                markers={markers}
                onZoom={zoom}
                group="overview"
              />
            );
          }}
        </QueryPanel>
      ))}
    </section>
  );
}
