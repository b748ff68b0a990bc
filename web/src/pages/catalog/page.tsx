import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { CatalogQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { linkToOne, param } from '../../state/location.ts';
import { numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { FilterBar } from '../shared/filter-bar.tsx';
import { FoundPanel, searched } from '../shared/search-results.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

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

type Metric = CatalogQuery['metrics']['nodes'][number];

const COLUMNS: readonly Column<Metric>[] = [
  textColumn('name', 'Metric', ({ name }) => name, { width: '24%' }),
  textColumn('description', 'Meaning', (row) => row.description, {
    width: '38%',
    wrap: true,
    hideBelow: 'medium',
  }),
  textColumn('owner', 'Owner', ({ owner }) => owner, { hideBelow: 'narrow' }),
  numberColumn('trust', 'Trust', 'number', ({ trustScore }) => trustScore, { hint: 'From 0 to 100' }),
  numberColumn('tests', 'Tests', 'count', ({ testCount }) => testCount, { hideBelow: 'narrow' }),
  numberColumn('uses', 'Uses', 'count', ({ usageCount }) => usageCount),
  timeColumn('updated', 'Changed', ({ updatedAt }) => updatedAt, { hideBelow: 'medium' }),
];

/** What the metrics of the company mean, who owns them, and how reliable they are. */
export function Page() {
  const variables = () => {
    const owner = param('owner').value;
    return { ...pageArguments(), ...(owner !== null && { filter: { owner: { eq: owner } } }) };
  };
  const query = useQuery(Catalog, variables, { everyMs: 60_000 });
  return (
    <>
      <PageHead title="Catalog" subtitle="What metrics mean, who owns them, and how reliable they are" />
      <FilterBar
        fields={[
          { name: 'q', label: 'Search metrics' },
          { name: 'owner', label: 'Owner' },
        ]}
      />
      {param('q').value === null ? null : <Found />}
      <TablePanel
        title="Metrics"
        query={query}
        empty={{ title: 'No metrics yet', text: 'Create one with the mutation createMetric.' }}
        rowsOf={({ metrics }) => metrics.nodes}
        pageInfoOf={({ metrics }) => metrics.pageInfo}
        keyOf={({ id }) => id}
        hrefOf={({ metricId }) => linkToOne('/catalog', metricId)}
        columns={COLUMNS}
      />
    </>
  );
}

function Found() {
  const query = useQuery(SearchMetrics, searched);
  return (
    <FoundPanel
      query={query}
      resultsOf={({ searchMetrics }) =>
        searchMetrics.results.map(({ metric: { id, metricId, name, owner }, snippets }) => ({
          key: id,
          href: linkToOne('/catalog', metricId),
          name,
          detail: owner,
          snippets,
        }))
      }
      countOf={({ searchMetrics }) => searchMetrics.totalCount}
      things="metrics"
    />
  );
}
