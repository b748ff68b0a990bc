import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { Unit } from '../../format/value.ts';
import type { RequestLogFilter } from '../../generated/graphql.ts';
import { Grid } from '../../parts/grid.tsx';
import { range, zone } from '../../state/view.ts';
import { ChartPanel } from './chart-panel.tsx';
import { useMarkers } from './markers.ts';
import { chartOf } from './series.ts';

const RequestSeries = graphql(`
  query RequestSeries(
    $range: TimeRangeInput!
    $zone: TimeZone!
    $filter: RequestLogFilter
    $byService: Boolean!
    $byEndpoint: Boolean!
  ) {
    requestLogAnalytics(range: $range, filter: $filter) {
      series(timeZone: $zone, top: 7) {
        other
        dimensions {
          service @include(if: $byService)
          endpoint @include(if: $byEndpoint)
        }
        points { start stats { count errorRate latencyMs { p95 } } }
      }
    }
  }
`);

type Optional = number | null | undefined;

interface Point {
  readonly count: number;
  readonly errorRate?: Optional;
  readonly latencyMs: { readonly p95?: Optional };
}

interface Course {
  readonly title: string;
  readonly unit: Unit;
  readonly kind: 'stacked' | 'line';
  readonly read: (point: Point) => Optional;
}

const COURSES: readonly Course[] = [
  { title: 'Requests', unit: 'count', kind: 'stacked', read: ({ count }) => count },
  { title: 'Requests that failed', unit: 'ratio', kind: 'line', read: ({ errorRate }) => errorRate },
  { title: 'Latency, 95th percentile', unit: 'ms', kind: 'line', read: ({ latencyMs }) => latencyMs.p95 },
];

export interface RequestChartsProps {
  readonly by: 'service' | 'endpoint';
  /** Reads signals only. Default: all requests. */
  readonly filter?: () => RequestLogFilter;
  readonly group: string;
}

/** The courses of requests, failures and latency, by service or endpoint. */
export function RequestCharts({ by, filter, group }: RequestChartsProps) {
  const variables = () => ({
    range: range.value,
    zone: zone.value,
    byService: by === 'service',
    byEndpoint: by === 'endpoint',
    ...(filter && { filter: filter() }),
  });
  const query = useQuery(RequestSeries, variables, { everyMs: 15_000 });
  const markers = useMarkers();
  return (
    <Grid min={300}>
      {COURSES.map(({ title, unit, kind, read }) => (
        <ChartPanel
          key={title}
          {...{ title, unit, kind, query, markers, group }}
          document={RequestSeries}
          variables={variables()}
          chart={({ requestLogAnalytics }) =>
            chartOf(requestLogAnalytics.series, read, ({ dimensions }) => dimensions?.[by] ?? 'none')
          }
          nothing="No requests in this range."
        />
      ))}
    </Grid>
  );
}
