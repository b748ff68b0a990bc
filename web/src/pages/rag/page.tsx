import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { RagQuery } from '../../generated/graphql.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { range, zone } from '../../state/view.ts';
import { BarPanel } from '../shared/bar-panel.tsx';
import { type Course, Courses } from '../shared/courses.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';

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

type Stats = RagQuery['ragMetricAnalytics']['series'][number]['points'][number]['stats'];

const COURSES: readonly Course<Stats>[] = [
  { title: 'Hit rate', unit: 'ratio', kind: 'line', read: ({ hitRate }) => hitRate.avg },
  { title: 'Response time', unit: 'ms', kind: 'line', read: (stats) => stats.averageResponseTimeMs.avg },
  { title: 'Patterns', unit: 'count', kind: 'line', read: ({ totalPatterns }) => totalPatterns.max },
];

/** Stores for retrieval-augmented generation: their size, their use and how often they help. */
export function Page() {
  const query = useQuery(Rag, () => ({ range: range.value, zone: zone.value }), { everyMs: 30_000 });
  const overview = query.data?.ragOverview;
  return (
    <>
      <PageHead title="RAG" subtitle="The stores of retrieval-augmented generation: size, use and hit rate" />
      <Grid min={150} gap="tight">
        <Stat title="Patterns" value={overview?.totalPatterns} unit="count" />
        <Stat title="Queries" value={overview?.totalQueries} unit="count" />
        <Stat title="Hit rate" value={overview?.hitRate} unit="ratio" />
        <Stat title="Response time" value={overview?.averageResponseTimeMs} unit="ms" />
      </Grid>
      <Courses
        courses={COURSES}
        query={query}
        seriesOf={({ ragMetricAnalytics }) => ragMetricAnalytics.series}
        nameOf={({ dimensions }) => dimensions?.service ?? 'none'}
        nothing="No store reported in this range."
        min={300}
        group="rag"
      />
      <Grid min={340}>
        <BarPanel
          title="Most used patterns"
          query={query}
          empty={{ text: 'No store reported its patterns in this range.' }}
          unit="count"
          barsOf={({ ragOverview }) =>
            ragOverview.topPatterns.map(({ pattern, count }) => ({ name: pattern, value: count }))
          }
        />
        <QueryPanel
          query={query}
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
