import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { RequestLogFilter } from '../../generated/graphql.ts';
import { grain, range, zone } from '../../state/view.ts';
import { type Course, Courses, type Optional } from './courses.tsx';

const RequestSeries = graphql(`
  query RequestSeries(
    $range: TimeRangeInput!
    $zone: TimeZone!
    $grain: TimeGrain!
    $filter: RequestLogFilter
    $byService: Boolean!
    $byEndpoint: Boolean!
  ) {
    requestLogAnalytics(range: $range, filter: $filter) {
      series(timeZone: $zone, grain: $grain, top: 7) {
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

interface Point {
  readonly count: number;
  readonly errorRate?: Optional;
  readonly latencyMs: { readonly p95?: Optional };
}

const COURSES: readonly Course<Point>[] = [
  { title: 'Requests', unit: 'count', kind: 'stacked', read: ({ count }) => count },
  { title: 'Failed requests', unit: 'ratio', kind: 'line', read: ({ errorRate }) => errorRate },
  { title: 'Latency, 95th percentile', unit: 'ms', kind: 'line', read: ({ latencyMs }) => latencyMs.p95 },
];

export interface RequestChartsProps {
  readonly by: 'service' | 'endpoint';
  /** Reads only signals. Default: all requests. */
  readonly filter?: () => RequestLogFilter;
  readonly group: string;
}

/** Requests, failures and latency over time, by service or endpoint. */
export function RequestCharts({ by, filter, group }: RequestChartsProps) {
  const variables = () => ({
    range: range.value,
    zone: zone.value,
    grain: grain.value,
    byService: by === 'service',
    byEndpoint: by === 'endpoint',
    ...(filter && { filter: filter() }),
  });
  const query = useQuery(RequestSeries, variables, { everyMs: 15_000 });
  return (
    <Courses
      courses={COURSES}
      query={query}
      seriesOf={({ requestLogAnalytics }) => requestLogAnalytics.series}
      nameOf={({ dimensions }) => dimensions?.[by] ?? 'none'}
      nothing="No requests in this range."
      min={300}
      group={group}
    />
  );
}
