import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { range, zone } from '../../state/view.ts';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { useMarkers } from '../shared/markers.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { chartOf } from '../shared/series.ts';

const TechniquesQuery = graphql(`
  query Techniques($range: TimeRangeInput!, $zone: TimeZone!) {
    techniqueStats(range: $range, first: 100) {
      techniqueSuite potencyLevel uses shareOfUses successRate averageTransformers
    }
    techniqueUsageAnalytics(range: $range) {
      series(timeZone: $zone, top: 7) {
        other
        dimensions { techniqueSuite }
        points { start stats { count successRate } }
      }
    }
  }
`);

/** Prompt techniques: how often they are used, and whether they help. */
export function Page() {
  const variables = () => ({ range: range.value, zone: zone.value });
  const query = useQuery(TechniquesQuery, variables, { everyMs: 30_000 });
  const markers = useMarkers();
  const shared = { query, document: TechniquesQuery, variables: variables(), markers, group: 'techniques' };
  const nothing = 'No prompt technique was used in this range.';
  return (
    <>
      <PageHead
        title="Techniques"
        subtitle="How often prompt techniques are used, and whether they succeed"
      />
      <Grid min={340}>
        <ChartPanel
          {...shared}
          title="Uses"
          unit="count"
          kind="stacked"
          nothing={nothing}
          chart={({ techniqueUsageAnalytics: { series } }) =>
            chartOf(
              series,
              ({ count }) => count,
              ({ dimensions }) => dimensions?.techniqueSuite ?? 'none',
            )
          }
        />
        <ChartPanel
          {...shared}
          title="Succeeded"
          unit="ratio"
          nothing={nothing}
          chart={({ techniqueUsageAnalytics: { series } }) =>
            chartOf(
              series,
              ({ successRate }) => successRate,
              ({ dimensions }) => dimensions?.techniqueSuite ?? 'none',
            )
          }
        />
      </Grid>
      <QueryPanel
        title="Techniques"
        query={query}
        document={TechniquesQuery}
        variables={variables()}
        isEmpty={({ techniqueStats }) => techniqueStats.length === 0}
        empty={{ text: nothing }}
        flush
      >
        {({ techniqueStats }) => (
          <DataTable
            caption="Techniques"
            rows={techniqueStats}
            keyOf={({ techniqueSuite, potencyLevel }) => `${techniqueSuite} ${potencyLevel}`}
            columns={[
              {
                key: 'suite',
                title: 'Technique',
                value: ({ techniqueSuite }) => techniqueSuite,
                sortable: true,
              },
              { key: 'level', title: 'Potency', value: ({ potencyLevel }) => potencyLevel, sortable: true },
              { key: 'uses', title: 'Uses', unit: 'count', value: ({ uses }) => uses, sortable: true },
              {
                key: 'share',
                title: 'Share',
                unit: 'ratio',
                value: ({ shareOfUses }) => shareOfUses,
                sortable: true,
                hideBelow: 'narrow',
              },
              {
                key: 'success',
                title: 'Succeeded',
                unit: 'ratio',
                value: (row) => row.successRate,
                sortable: true,
              },
              {
                key: 'transformers',
                title: 'Transformers',
                unit: 'number',
                hint: 'How many transformers a use has on average',
                value: (row) => row.averageTransformers,
                sortable: true,
                hideBelow: 'narrow',
              },
            ]}
          />
        )}
      </QueryPanel>
    </>
  );
}
