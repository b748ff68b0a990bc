import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { linkToOne } from '../../state/location.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { SearchResults, searched } from '../shared/search-results.tsx';

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

/** The architectures that have the words of the search, with the places where they stand. */
export function Found() {
  const query = useQuery(SearchArchitectures, searched);
  return (
    <QueryPanel
      title="Found"
      query={query}
      isEmpty={({ searchArchitectures }) => searchArchitectures.results.length === 0}
      empty={{ title: 'Nothing has all of these words' }}
      footer={query.data && `${query.data.searchArchitectures.totalCount} architectures`}
    >
      {({ searchArchitectures }) => (
        <SearchResults
          results={searchArchitectures.results.map(
            ({ architecture: { id, generationId, name, kind }, snippets }) => ({
              key: id,
              href: linkToOne('/generations', generationId),
              name: name ?? generationId,
              detail: kind,
              snippets,
            }),
          )}
        />
      )}
    </QueryPanel>
  );
}
