import { graphql } from '../../data/graphql.ts';
import { useLiveRefresh } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { param } from '../../state/location.ts';
import { range } from '../../state/view.ts';
import { FilterBar, type FilterField } from '../shared/filter-bar.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { Problems } from './problems.tsx';

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

/** Errors by problem: how often, since when and where. */
export function Page() {
  const query = useQuery(ErrorGroups, variables, { everyMs: 30_000 });
  useLiveRefresh(query, NewErrors, () => ({ filter: filterOfUrl() }));
  const fingerprints = query.data?.errorGroups.groups.map(({ fingerprint }) => fingerprint) ?? [];
  return (
    <>
      <PageHead title="Errors" subtitle="Grouped by problem: errors with the same fingerprint" />
      <FilterBar fields={FIELDS} />
      <QueryPanel
        title="Problems"
        query={query}
        isEmpty={({ errorGroups }) => errorGroups.groups.length === 0}
        empty={{ title: 'No errors', text: 'No service reported a matching error in this range.' }}
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
