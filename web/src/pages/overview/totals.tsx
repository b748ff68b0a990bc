import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { Unit } from '../../format/value.ts';
import { Stat } from '../../parts/stat.tsx';
import { linkTo } from '../../state/location.ts';
import { grain, range, zone } from '../../state/view.ts';
import { FirstEvent } from './first-event.tsx';

const TotalsQuery = graphql(`
  query OverviewTotals($range: TimeRangeInput!, $zone: TimeZone!, $grain: TimeGrain!) {
    requests: requestLogAnalytics(range: $range) {
      totals { count latencyMs { p95 } }
      previous { totals { count latencyMs { p95 } } }
      series(timeZone: $zone, grain: $grain) { points { stats { count latencyMs { p95 } } } }
    }
    calls: llmCallAnalytics(range: $range) {
      totals { count errorRate cost { sum } totalTokens { sum } latencyMs { p95 } }
      previous { totals { count errorRate cost { sum } totalTokens { sum } latencyMs { p95 } } }
      series(timeZone: $zone, grain: $grain) { points { stats { count errorRate cost { sum } totalTokens { sum } latencyMs { p95 } } } }
    }
    errors: errorLogAnalytics(range: $range) {
      totals { count }
      previous { totals { count } }
      series(timeZone: $zone, grain: $grain) { points { stats { count } } }
    }
  }
`);

type Totals = NonNullable<ReturnType<typeof useTotals>['data']>;
type Calls = Totals['calls']['totals'];

const useTotals = () =>
  useQuery(TotalsQuery, () => ({ range: range.value, zone: zone.value, grain: grain.value }), {
    everyMs: 15_000,
  });

interface Figure {
  readonly title: string;
  readonly unit: Unit;
  readonly href: string;
  readonly goodDirection: 'up' | 'down' | 'none';
  readonly read: (data: Totals) => { now: Number; before: Number; points: readonly Number[] };
}

type Number = number | null | undefined;

const ofCalls = (read: (stats: Calls) => Number): Figure['read'] => {
  return ({ calls }) => ({
    now: read(calls.totals),
    before: calls.previous && read(calls.previous.totals),
    points: calls.series.flatMap(({ points }) => points.map(({ stats }) => read(stats))),
  });
};

const FIGURES: readonly Figure[] = [
  {
    title: 'Requests',
    unit: 'count',
    href: '/requests',
    goodDirection: 'none',
    read: ({ requests }) => ({
      now: requests.totals.count,
      before: requests.previous?.totals.count,
      points: requests.series.flatMap(({ points }) => points.map(({ stats }) => stats.count)),
    }),
  },
  {
    title: 'Model calls',
    unit: 'count',
    href: '/models',
    goodDirection: 'none',
    read: ofCalls(({ count }) => count),
  },
  {
    title: 'Cost',
    unit: 'usd',
    href: '/models',
    goodDirection: 'down',
    read: ofCalls(({ cost }) => cost.sum),
  },
  {
    title: 'Tokens',
    unit: 'tokens',
    href: '/models',
    goodDirection: 'none',
    read: ofCalls((stats) => stats.totalTokens.sum),
  },
  {
    title: 'Failed calls',
    unit: 'ratio',
    href: '/models',
    goodDirection: 'down',
    read: ofCalls(({ errorRate }) => errorRate),
  },
  {
    title: 'Errors',
    unit: 'count',
    href: '/errors',
    goodDirection: 'down',
    read: ({ errors }) => ({
      now: errors.totals.count,
      before: errors.previous?.totals.count,
      points: errors.series.flatMap(({ points }) => points.map(({ stats }) => stats.count)),
    }),
  },
  {
    title: 'Latency, p95',
    unit: 'ms',
    href: '/models',
    goodDirection: 'down',
    read: ofCalls(({ latencyMs }) => latencyMs.p95),
  },
];

/** The key figures, each with the previous range and its trend. */
export function Totals() {
  const { data, error, state } = useTotals();
  if (state === 'failed' || state === 'forbidden') return <p role="alert">{error?.message}</p>;
  const isEmpty =
    data !== undefined &&
    data.requests.totals.count + data.calls.totals.count + data.errors.totals.count === 0;
  return (
    <>
      {isEmpty && <FirstEvent />}
      <div class="overview-totals">
        {FIGURES.map(({ title, unit, href, goodDirection, read }) => {
          const figure = data && read(data);
          return (
            <Stat
              key={title}
              title={title}
              unit={unit}
              href={linkTo(href)}
              goodDirection={goodDirection}
              value={figure?.now ?? null}
              previous={figure?.before ?? null}
              sparkline={figure?.points.map((value) => value ?? null)}
            />
          );
        })}
      </div>
    </>
  );
}
