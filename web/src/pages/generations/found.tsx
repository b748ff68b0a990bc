import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { linkToOne } from '../../state/location.ts';
import { FoundPanel, searched } from '../shared/search-results.tsx';

const SearchArchitectures = graphql(`
  query SearchArchitectures($query: String!) {
    searchArchitectures(query: $query, first: 20) {
      totalCount
      results {
        snippets { field text }
        architecture { id generationId name kind }
      }
    }
  }
`);

/** The architectures that match the search, with the matching passages. */
export function Found() {
  const query = useQuery(SearchArchitectures, searched);
  return (
    <FoundPanel
      query={query}
      resultsOf={({ searchArchitectures }) =>
        searchArchitectures.results.map(({ architecture: { id, generationId, name, kind }, snippets }) => ({
          key: id,
          href: linkToOne('/generations', generationId),
          name: name ?? generationId,
          detail: kind,
          snippets,
        }))
      }
      countOf={({ searchArchitectures }) => searchArchitectures.totalCount}
      things="architectures"
    />
  );
}
