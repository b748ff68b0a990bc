import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Sparkline } from '../../parts/sparkline.tsx';
import { linkToOne } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { cellColumn, numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { SEVERITY_TONES } from '../shared/tones.ts';

const ErrorTrends = graphql(`
  query ErrorTrends($range: TimeRangeInput!, $zone: TimeZone!, $fingerprints: [String!]!) {
    errorLogAnalytics(range: $range, filter: { fingerprint: { in: $fingerprints } }) {
      series(timeZone: $zone, top: 50) { dimensions { fingerprint } points { stats { count } } }
    }
  }
`);

interface Problem {
  readonly fingerprint: string;
  readonly errorType: string;
  readonly severity: string;
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly services: readonly string[];
  readonly serviceCount: number;
  readonly sample?: { readonly errorMessage?: string | null } | null;
}

export function Problems({
  groups,
  fingerprints,
}: {
  groups: readonly Problem[];
  fingerprints: readonly string[];
}) {
  const { data } = useQuery(ErrorTrends, () => ({
    range: range.value,
    zone: zone.value,
    fingerprints: [...fingerprints],
  }));
  const trends = new Map(
    data?.errorLogAnalytics.series.map(({ dimensions, points }) => [
      dimensions?.fingerprint,
      points.map(({ stats }) => stats.count),
    ]),
  );
  return (
    <DataTable
      caption="Problems"
      rows={groups}
      keyOf={({ fingerprint }) => fingerprint}
      hrefOf={({ fingerprint }) => linkToOne('/errors', fingerprint)}
      columns={columnsOf(trends)}
    />
  );
}

const columnsOf = (
  trends: ReadonlyMap<string | null | undefined, readonly number[]>,
): readonly Column<Problem>[] => [
  {
    key: 'severity',
    title: 'Severity',
    value: ({ severity }) => severity.toLowerCase(),
    cell: ({ severity }) => (
      <Badge tone={SEVERITY_TONES[severity] ?? 'neutral'}>{severity.toLowerCase()}</Badge>
    ),
    width: '96px',
  },
  {
    key: 'type',
    title: 'Problem',
    value: ({ errorType, sample }) => [errorType, sample?.errorMessage].filter(Boolean).join(': '),
    cell: ({ errorType, sample }) => (
      <>
        {errorType} <span class="muted">{sample?.errorMessage}</span>
      </>
    ),
    width: '46%',
  },
  cellColumn(
    'trend',
    'Trend',
    ({ fingerprint, errorType }) => (
      <Sparkline values={trends.get(fingerprint) ?? []} label={`${errorType} over time`} />
    ),
    { width: '120px', hideBelow: 'medium' },
  ),
  numberColumn('count', 'Errors', 'count', ({ count }) => count),
  textColumn('services', 'Services', (row) => servicesOf(row), { width: '16%', hideBelow: 'medium' }),
  timeColumn('first', 'First seen', (row) => row.firstSeen, { hideBelow: 'medium' }),
  timeColumn('last', 'Last seen', (row) => row.lastSeen, { hideBelow: 'narrow' }),
];

function servicesOf({ services, serviceCount }: Problem): string {
  const more = serviceCount - services.length;
  return services.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
