import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import { linkTo, param } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { FilterBar } from '../shared/filter-bar.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';
import { SearchResults, searched } from '../shared/search-results.tsx';

const Catalog = graphql(`
  query Catalog($first: Int, $after: String, $last: Int, $before: String, $filter: MetricFilter) {
    metrics(
      first: $first, after: $after, last: $last, before: $before, filter: $filter
      orderBy: { field: NAME, direction: ASC }
    ) {
      nodes { id metricId name description owner trustScore testCount usageCount updatedAt }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const SearchMetrics = graphql(`
  query SearchMetrics($query: String!) {
    searchMetrics(query: $query, first: 20) {
      totalCount
      results {
        snippets { field text }
        metric { id metricId name owner }
      }
    }
  }
`);

/** What the metrics of the company mean, who owns them, and how far they can be trusted. */
export function Page() {
  const variables = () => {
    const owner = param('owner').value;
    return { ...pageArguments(), ...(owner !== null && { filter: { owner: { eq: owner } } }) };
  };
  const query = useQuery(Catalog, variables, { everyMs: 60_000 });
  return (
    <>
      <PageHead
        title="Catalog"
        subtitle="What metrics mean, who owns them, and how far they can be trusted"
      />
      <FilterBar
        fields={[
          { name: 'q', label: 'Search metrics' },
          { name: 'owner', label: 'Owner' },
        ]}
      />
      {param('q').value === null ? null : <Found />}
      <QueryPanel
        title="Metrics"
        query={query}
        document={Catalog}
        variables={variables()}
        isEmpty={({ metrics }) => metrics.nodes.length === 0}
        empty={{ title: 'No metric is described yet', text: 'The mutation createMetric describes one.' }}
        footer={query.data && <ListPager pageInfo={query.data.metrics.pageInfo} />}
        flush
      >
        {({ metrics }) => (
          <DataTable
            caption="Metrics"
            rows={metrics.nodes}
            keyOf={({ id }) => id}
            hrefOf={({ metricId }) => linkTo(`/catalog/${encodeURIComponent(metricId)}`)}
            columns={[
              { key: 'name', title: 'Metric', value: ({ name }) => name },
              { key: 'description', title: 'Meaning', value: (row) => row.description, hideBelow: 'medium' },
              { key: 'owner', title: 'Owner', value: ({ owner }) => owner, hideBelow: 'narrow' },
              {
                key: 'trust',
                title: 'Trust',
                unit: 'number',
                hint: 'From 0 to 100',
                value: ({ trustScore }) => trustScore,
              },
              {
                key: 'tests',
                title: 'Tests',
                unit: 'count',
                value: ({ testCount }) => testCount,
                hideBelow: 'narrow',
              },
              { key: 'uses', title: 'Uses', unit: 'count', value: ({ usageCount }) => usageCount },
              {
                key: 'updated',
                title: 'Changed',
                cell: ({ updatedAt }) => <Time at={updatedAt} zone={zone.value} />,
                value: ({ updatedAt }) => updatedAt,
                hideBelow: 'medium',
              },
            ]}
          />
        )}
      </QueryPanel>
    </>
  );
}

function Found() {
  const query = useQuery(SearchMetrics, searched);
  return (
    <QueryPanel
      title="Found"
      query={query}
      document={SearchMetrics}
      variables={searched() ?? { query: '' }}
      isEmpty={({ searchMetrics }) => searchMetrics.results.length === 0}
      empty={{ title: 'Nothing has all of these words' }}
      footer={query.data && `${query.data.searchMetrics.totalCount} metrics`}
    >
      {({ searchMetrics }) => (
        <SearchResults
          results={searchMetrics.results.map(({ metric: { id, metricId, name, owner }, snippets }) => ({
            key: id,
            href: linkTo(`/catalog/${encodeURIComponent(metricId)}`),
            name,
            detail: owner,
            snippets,
          }))}
        />
      )}
    </QueryPanel>
  );
}
