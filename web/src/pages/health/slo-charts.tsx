import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Grid } from '../../parts/grid.tsx';
import { zone } from '../../state/view.ts';
import { ChartPanel } from '../shared/chart-panel.tsx';
import { linesOf } from '../shared/lines.ts';

const SloHistory = graphql(`
  query SloHistory($sloId: String!, $zone: TimeZone!) {
    slo(sloId: $sloId) {
      id
      status { series(timeZone: $zone) { start budgetRemaining burnRate } }
    }
  }
`);

/** How the error budget of one objective was consumed over its window. */
export function SloCharts({ sloId }: { sloId: string }) {
  const query = useQuery(SloHistory, () => ({ sloId, zone: zone.value }), { everyMs: 60_000 });
  return (
    <Grid min={340}>
      <ChartPanel
        title={`Budget left: ${sloId}`}
        query={query}
        group="slo"
        unit="ratio"
        thresholds={[{ value: 0, label: 'used up', tone: 'bad' }]}
        chart={({ slo }) =>
          linesOf(slo?.status.series ?? [], [
            { key: 'budget', label: 'budget left', read: ({ budgetRemaining }) => budgetRemaining },
          ])
        }
      />
      <ChartPanel
        title={`Burn rate: ${sloId}`}
        query={query}
        group="slo"
        unit="number"
        thresholds={[{ value: 1, label: 'lasts for the window', tone: 'warn' }]}
        chart={({ slo }) =>
          linesOf(slo?.status.series ?? [], [
            { key: 'burn', label: 'burn rate', read: ({ burnRate }) => burnRate },
          ])
        }
      />
    </Grid>
  );
}
