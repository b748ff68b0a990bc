import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Snippet } from '../../parts/snippet.tsx';
import { Stack } from '../../parts/stack.tsx';
import { linkTo, param } from '../../state/location.ts';
import { readMarked } from '../shared/marked.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

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
  const variables = () => {
    const query = param('q').value;
    return query === null ? null : { query };
  };
  const query = useQuery(SearchArchitectures, variables);
  return (
    <QueryPanel
      title="Found"
      query={query}
      document={SearchArchitectures}
      variables={variables() ?? { query: '' }}
      isEmpty={({ searchArchitectures }) => searchArchitectures.results.length === 0}
      empty={{ title: 'Nothing has all of these words' }}
      footer={query.data && `${query.data.searchArchitectures.totalCount} architectures`}
    >
      {({ searchArchitectures }) => (
        <Stack>
          {searchArchitectures.results.map(({ architecture: { id, generationId, name, kind }, snippets }) => (
            <article key={id}>
              <a href={linkTo(`/generations/${encodeURIComponent(generationId)}`)}>{name ?? generationId}</a>{' '}
              <span class="muted">{kind}</span>
              {snippets.map(({ field, text }) => (
                <p key={`${field} ${text}`} class="muted">
                  {field}: <Snippet {...readMarked(text)} />
                </p>
              ))}
            </article>
          ))}
        </Stack>
      )}
    </QueryPanel>
  );
}
