import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { HealthHistoryQuery, TimeGrain } from '../../generated/graphql.ts';
import { param } from '../../state/location.ts';
import { bounds, range, zone } from '../../state/view.ts';
import { type Course, Courses } from '../shared/courses.tsx';
import { FilterBar, type FilterField } from '../shared/filter-bar.tsx';

const HealthHistory = graphql(`
  query HealthHistory(
    $range: TimeRangeInput!
    $zone: TimeZone!
    $grain: TimeGrain!
    $filter: HealthSampleFilter
  ) {
    healthSampleAnalytics(range: $range, filter: $filter) {
      series(timeZone: $zone, grain: $grain, top: 7) {
        other
        dimensions { service }
        points {
          start
          stats {
            cpuUsage { max }
            memoryUsage { max }
            diskUsage { max }
            apiLatencyMs { p95 }
            errorCount { sum }
            websocketConnections { max }
          }
        }
      }
    }
  }
`);

type Stats = HealthHistoryQuery['healthSampleAnalytics']['series'][number]['points'][number]['stats'];

/** Samples contain percentages of what is available. */
const share = (percent: number | null | undefined) => (percent == null ? null : percent / 100);

const COURSES: readonly Course<Stats>[] = [
  { title: 'Processor, maximum', unit: 'ratio', kind: 'line', read: ({ cpuUsage }) => share(cpuUsage.max) },
  {
    title: 'Memory, maximum',
    unit: 'ratio',
    kind: 'line',
    read: ({ memoryUsage }) => share(memoryUsage.max),
  },
  { title: 'Fullest disk', unit: 'ratio', kind: 'line', read: ({ diskUsage }) => share(diskUsage.max) },
  { title: 'Response time, p95', unit: 'ms', kind: 'line', read: ({ apiLatencyMs }) => apiLatencyMs.p95 },
  {
    title: 'Errors counted by services',
    unit: 'count',
    kind: 'bars',
    read: ({ errorCount }) => errorCount.sum,
  },
  {
    title: 'Open WebSockets, maximum',
    unit: 'count',
    kind: 'line',
    read: ({ websocketConnections }) => websocketConnections.max,
  },
];

const FIELDS: readonly FilterField[] = [
  { name: 'service', label: 'Service' },
  { name: 'environment', label: 'Environment' },
];

const HOUR_MS = 3_600_000;

/** Samples come once a minute or less often. Smaller buckets would leave gaps in a line. */
function grainOf(rangeMs: number): TimeGrain {
  if (rangeMs <= HOUR_MS) return 'MINUTE';
  if (rangeMs <= 6 * HOUR_MS) return 'FIVE_MINUTES';
  if (rangeMs <= 48 * HOUR_MS) return 'FIFTEEN_MINUTES';
  return rangeMs <= 31 * 24 * HOUR_MS ? 'HOUR' : 'DAY';
}

function variables() {
  const [service, environment] = [param('service').value, param('environment').value];
  return {
    range: range.value,
    zone: zone.value,
    grain: grainOf(bounds.value.to - bounds.value.from),
    filter: {
      ...(service && { service: { eq: service } }),
      ...(environment && { environment: { eq: environment } }),
    },
  };
}

/** What services reported about themselves over time. */
export function History() {
  const query = useQuery(HealthHistory, variables, { everyMs: 30_000 });
  return (
    <section aria-label="History" class="health-verdict">
      <FilterBar fields={FIELDS} />
      <Courses
        courses={COURSES}
        query={query}
        seriesOf={({ healthSampleAnalytics }) => healthSampleAnalytics.series}
        nameOf={({ dimensions }) => dimensions?.service ?? 'unnamed'}
        nothing="No service sent samples in this range."
        min={340}
        group="health"
      />
    </section>
  );
}
