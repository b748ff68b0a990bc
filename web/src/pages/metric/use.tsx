import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { BarList } from '../../parts/bar-list.tsx';
import { Stack } from '../../parts/stack.tsx';
import { TimeChart } from '../../parts/time-chart.tsx';
import { zone } from '../../state/view.ts';
import { linesOf } from '../shared/lines.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

const UseQuery = graphql(`
  query MetricUse($metricId: String!, $zone: TimeZone!) {
    metricUsageStats(metricId: $metricId, days: 30, timeZone: $zone) {
      total
      days { start uses }
      users { usedBy uses }
    }
  }
`);

/** How many users are listed; "Open in GraphiQL" shows all. */
const LISTED = 8;

/** Who used the metric in the last 30 days. */
export function Use({ metricId }: { metricId: string }) {
  const query = useQuery(UseQuery, () => ({ metricId, zone: zone.value }));
  return (
    <QueryPanel
      title="Use in the last 30 days"
      query={query}
      isEmpty={({ metricUsageStats }) => metricUsageStats.total === 0}
      empty={{ title: 'No uses' }}
    >
      {({ metricUsageStats: { days, users } }) => (
        <Stack>
          <TimeChart
            title="Uses per day"
            {...linesOf(days, [{ key: 'uses', read: ({ uses }) => uses }])}
            unit="count"
            kind="bars"
            zone={zone.value}
          />
          <BarList
            unit="count"
            items={users
              .slice(0, LISTED)
              .map(({ usedBy, uses }) => ({ key: usedBy ?? '', label: usedBy ?? 'unknown', value: uses }))}
          />
          {users.length > LISTED && <p class="muted">and {users.length - LISTED} more</p>}
        </Stack>
      )}
    </QueryPanel>
  );
}
