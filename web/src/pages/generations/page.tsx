import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stat } from '../../parts/stat.tsx';
import { param } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { BarPanel } from '../shared/bar-panel.tsx';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { FilterBar } from '../shared/filter-bar.tsx';
import { useMarkers } from '../shared/markers.ts';
import { chartOf } from '../shared/series.ts';
import { Found } from './found.tsx';
import { Newest } from './newest.tsx';

const GenerationsQuery = graphql(`
  query Generations($range: TimeRangeInput!, $zone: TimeZone!) {
    generationAnalytics(range: $range) {
      totals { count successRate durationMs { p95 } cost { sum } }
      previous { totals { count successRate durationMs { p95 } cost { sum } } }
      series(timeZone: $zone) { points { start stats { count durationMs { p95 } } } }
      kinds: groups(first: 12, orderBy: { field: COUNT, aggregate: SUM, direction: DESC }) {
        dimensions { kind }
        stats { count }
      }
    }
  }
`);

/** Diagram generations, and the architectures that they produced. */
export function Page() {
  const variables = () => ({ range: range.value, zone: zone.value });
  const query = useQuery(GenerationsQuery, variables, { everyMs: 30_000 });
  const markers = useMarkers();
  const analytics = query.data?.generationAnalytics;
  const [now, before] = [analytics?.totals, analytics?.previous?.totals];
  return (
    <>
      <PageHead title="Generations" subtitle="Generated diagrams and their architectures" />
      <FilterBar fields={[{ name: 'q', label: 'Search architectures' }]} />
      {param('q').value === null ? null : <Found />}
      <Grid min={150} gap="tight">
        <Stat title="Generations" value={now?.count} previous={before?.count} unit="count" />
        <Stat
          title="Succeeded"
          value={now?.successRate}
          previous={before?.successRate}
          unit="ratio"
          goodDirection="up"
        />
        <Stat
          title="Duration, p95"
          value={now?.durationMs.p95}
          previous={before?.durationMs.p95}
          unit="ms"
          goodDirection="down"
        />
        <Stat
          title="Cost"
          value={now?.cost.sum}
          previous={before?.cost.sum}
          unit="usd"
          goodDirection="down"
        />
      </Grid>
      <Grid min={300}>
        <ChartPanel
          title="Generations over time"
          query={query}
          unit="count"
          kind="bars"
          markers={markers}
          group="generations"
          chart={({ generationAnalytics: { series } }) =>
            chartOf(series, ({ count }) => count, 'generations')
          }
        />
        <ChartPanel
          title="Duration, 95th percentile"
          query={query}
          unit="ms"
          markers={markers}
          group="generations"
          chart={({ generationAnalytics: { series } }) =>
            chartOf(series, (stats) => stats.durationMs.p95, 'p95')
          }
        />
        <BarPanel
          title="Kinds"
          query={query}
          unit="count"
          barsOf={({ generationAnalytics }) =>
            generationAnalytics.kinds.map(({ dimensions, stats }) => ({
              name: dimensions.kind ?? 'none',
              value: stats.count,
            }))
          }
        />
      </Grid>
      <Newest />
    </>
  );
}
