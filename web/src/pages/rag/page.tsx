import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { BarList } from '../../parts/bar-list.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { range, zone } from '../../state/view.ts';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { useMarkers } from '../shared/markers.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { chartOf } from '../shared/series.ts';

const Rag = graphql(`
  query Rag($range: TimeRangeInput!, $zone: TimeZone!) {
    ragOverview(range: $range, first: 20) {
      totalPatterns totalQueries hitRate averageResponseTimeMs
      topPatterns { pattern count }
      recentQueries
    }
    ragMetricAnalytics(range: $range) {
      series(timeZone: $zone, top: 6) {
        other
        dimensions { service }
        points { start stats { hitRate { avg } averageResponseTimeMs { avg } totalPatterns { max } } }
      }
    }
  }
`);

/** Stores for retrieval-augmented generation: their size, their use and how often they help. */
export function Page() {
  const variables = () => ({ range: range.value, zone: zone.value });
  const query = useQuery(Rag, variables, { everyMs: 30_000 });
  const markers = useMarkers();
  const overview = query.data?.ragOverview;
  const shared = { query, document: Rag, variables: variables() };
  const charts = { ...shared, markers, group: 'rag', nothing: 'No store reported in this range.' };
  return (
    <>
      <PageHead title="RAG" subtitle="The stores of retrieval-augmented generation: size, use and hit rate" />
      <Grid min={150} gap="tight">
        <Stat title="Patterns" value={overview?.totalPatterns} unit="count" />
        <Stat title="Queries" value={overview?.totalQueries} unit="count" />
        <Stat title="Hit rate" value={overview?.hitRate} unit="ratio" />
        <Stat title="Response time" value={overview?.averageResponseTimeMs} unit="ms" />
      </Grid>
      <Grid min={300}>
        <ChartPanel
          {...charts}
          title="Hit rate"
          unit="ratio"
          chart={({ ragMetricAnalytics: { series } }) =>
            chartOf(
              series,
              (stats) => stats.hitRate.avg,
              ({ dimensions }) => dimensions?.service ?? 'none',
            )
          }
        />
        <ChartPanel
          {...charts}
          title="Response time"
          unit="ms"
          chart={({ ragMetricAnalytics: { series } }) =>
            chartOf(
              series,
              (stats) => stats.averageResponseTimeMs.avg,
              ({ dimensions }) => dimensions?.service ?? 'none',
            )
          }
        />
        <ChartPanel
          {...charts}
          title="Patterns"
          unit="count"
          chart={({ ragMetricAnalytics: { series } }) =>
            chartOf(
              series,
              (stats) => stats.totalPatterns.max,
              ({ dimensions }) => dimensions?.service ?? 'none',
            )
          }
        />
      </Grid>
      <Grid min={340}>
        <QueryPanel
          {...shared}
          title="Patterns used most"
          isEmpty={({ ragOverview }) => ragOverview.topPatterns.length === 0}
          empty={{ text: 'No store reported its patterns in this range.' }}
        >
          {({ ragOverview }) => (
            <BarList
              unit="count"
              items={ragOverview.topPatterns.map(({ pattern, count }) => ({
                key: pattern,
                label: pattern,
                value: count,
              }))}
            />
          )}
        </QueryPanel>
        <QueryPanel
          {...shared}
          title="Newest queries"
          isEmpty={({ ragOverview }) => ragOverview.recentQueries.length === 0}
          empty={{ text: 'No store reported its queries in this range.' }}
        >
          {({ ragOverview }) => (
            <ol>
              {ragOverview.recentQueries.map((asked) => {
                // Stores report texts, or objects of their own.
                const text = typeof asked === 'string' ? asked : JSON.stringify(asked);
                return <li key={text}>{text}</li>;
              })}
            </ol>
          )}
        </QueryPanel>
      </Grid>
    </>
  );
}
