import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { LlmCallFilter } from '../../generated/graphql.ts';
import { grain, range, zone } from '../../state/view.ts';
import { type Course, Courses, type Optional } from './courses.tsx';

const CallSeries = graphql(`
  query CallSeries(
    $range: TimeRangeInput!
    $zone: TimeZone!
    $grain: TimeGrain!
    $filter: LlmCallFilter
    $byProvider: Boolean!
    $byModel: Boolean!
    $byService: Boolean!
  ) {
    llmCallAnalytics(range: $range, filter: $filter) {
      series(timeZone: $zone, grain: $grain, top: 7) {
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

export type CallGrouping = 'provider' | 'model' | 'service';

interface Point {
  readonly count: number;
  readonly cost: { readonly sum?: Optional };
  readonly latencyMs: { readonly p95?: Optional };
  readonly errorRate?: Optional;
}

const COURSES: readonly Course<Point>[] = [
  { title: 'Model calls', unit: 'count', kind: 'stacked', read: ({ count }) => count },
  { title: 'Cost', unit: 'usd', kind: 'stacked', read: ({ cost }) => cost.sum },
  { title: 'Latency, 95th percentile', unit: 'ms', kind: 'line', read: ({ latencyMs }) => latencyMs.p95 },
  { title: 'Failed calls', unit: 'ratio', kind: 'line', read: ({ errorRate }) => errorRate },
];

export interface CallChartsProps {
  /** Reads only signals. */
  readonly by: () => CallGrouping;
  /** Reads only signals. Default: all calls. */
  readonly filter?: () => LlmCallFilter;
  readonly group: string;
  /** The height of each chart in pixels. */
  readonly height?: number;
}

/** Calls, cost, latency and failures over time, by provider, model or service. */
export function CallCharts({ by, filter, group, height }: CallChartsProps) {
  const variables = () => {
    const named = by();
    return {
      range: range.value,
      zone: zone.value,
      grain: grain.value,
      byProvider: named === 'provider',
      byModel: named === 'model',
      byService: named === 'service',
      ...(filter && { filter: filter() }),
    };
  };
  const query = useQuery(CallSeries, variables, { everyMs: 15_000 });
  return (
    <Courses
      courses={COURSES}
      query={query}
      seriesOf={({ llmCallAnalytics }) => llmCallAnalytics.series}
      nameOf={({ dimensions }) => dimensions?.[by()] ?? 'none'}
      nothing="No model calls in this range."
      min={340}
      {...{ group, height }}
    />
  );
}
