import { graphql } from '../../data/graphql.ts';
import { useLiveRefresh } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/column.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Sparkline } from '../../parts/sparkline.tsx';
import { linkToOne, param } from '../../state/location.ts';
import { range, zone } from '../../state/view.ts';
import { cellColumn, numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { FilterBar, type FilterField } from '../shared/filter-bar.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { SEVERITY_TONES } from '../shared/tones.ts';

const ErrorGroups = graphql(`
  query ErrorGroups($range: TimeRangeInput!, $filter: ErrorLogFilter, $orderBy: ErrorGroupOrder) {
    errorGroups(range: $range, filter: $filter, first: 50, orderBy: $orderBy) {
      groupCount
      groups {
        fingerprint errorType severity count firstSeen lastSeen services(first: 3) serviceCount
        sample { errorMessage }
      }
    }
  }
`);

const ErrorTrends = graphql(`
  query ErrorTrends($range: TimeRangeInput!, $zone: TimeZone!, $fingerprints: [String!]!) {
    errorLogAnalytics(range: $range, filter: { fingerprint: { in: $fingerprints } }) {
      series(timeZone: $zone, top: 50) { dimensions { fingerprint } points { stats { count } } }
    }
  }
`);

const NewErrors = graphql(`
  subscription NewErrors($filter: ErrorLogFilter) {
    errorLogRecorded(filter: $filter) { id }
  }
`);

const FIELDS: readonly FilterField[] = [
  { name: 'service', label: 'Service' },
  { name: 'type', label: 'Type' },
  { name: 'text', label: 'Message contains' },
  {
    name: 'order',
    label: 'Order',
    otherwise: 'Most frequent first',
    options: [{ value: 'newest', label: 'Last seen first' }],
  },
];

function filterOfUrl() {
  const [service, type, text] = ['service', 'type', 'text'].map((name) => param(name).value);
  return {
    ...(service && { service: { eq: service } }),
    ...(type && { errorType: { eq: type } }),
    ...(text && { errorMessage: { contains: text } }),
  };
}

const variables = () => ({
  range: range.value,
  filter: filterOfUrl(),
  orderBy: {
    field: param('order').value === 'newest' ? ('LAST_SEEN' as const) : ('COUNT' as const),
    direction: 'DESC' as const,
  },
});

/** What went wrong, by problem: how often, since when and where. */
export function Page() {
  const query = useQuery(ErrorGroups, variables, { everyMs: 30_000 });
  useLiveRefresh(query, NewErrors, () => ({ filter: filterOfUrl() }));
  const fingerprints = query.data?.errorGroups.groups.map(({ fingerprint }) => fingerprint) ?? [];
  return (
    <>
      <PageHead title="Errors" subtitle="By problem: what has the same fingerprint" />
      <FilterBar fields={FIELDS} />
      <QueryPanel
        title="Problems"
        query={query}
        isEmpty={({ errorGroups }) => errorGroups.groups.length === 0}
        empty={{ title: 'No errors', text: 'No service reported an error that matches, in this range.' }}
        footer={query.data && `${query.data.errorGroups.groupCount} problems`}
        flush
      >
        {({ errorGroups }) => (
          <Problems
            key={fingerprints.toSorted().join()}
            fingerprints={fingerprints}
            groups={errorGroups.groups}
          />
        )}
      </QueryPanel>
    </>
  );
}

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

function Problems({ groups, fingerprints }: { groups: readonly Problem[]; fingerprints: readonly string[] }) {
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
    width: '104px',
  },
  textColumn('type', 'Type', ({ errorType }) => errorType),
  textColumn('message', 'An example', ({ sample }) => sample?.errorMessage, {
    width: '27%',
    hideBelow: 'narrow',
  }),
  cellColumn(
    'trend',
    'Trend',
    ({ fingerprint, errorType }) => (
      <Sparkline values={trends.get(fingerprint) ?? []} label={`${errorType} over time`} />
    ),
    { width: '120px', hideBelow: 'medium' },
  ),
  numberColumn('count', 'Errors', 'count', ({ count }) => count),
  textColumn('services', 'Services', (row) => servicesOf(row), { width: '18%', hideBelow: 'medium' }),
  timeColumn('first', 'First seen', (row) => row.firstSeen, { hideBelow: 'medium' }),
  timeColumn('last', 'Last seen', (row) => row.lastSeen, { hideBelow: 'narrow' }),
];

function servicesOf({ services, serviceCount }: Problem): string {
  const more = serviceCount - services.length;
  return services.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
