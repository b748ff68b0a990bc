import { Snippet } from '../../parts/snippet.tsx';
import { Stack } from '../../parts/stack.tsx';
import { param } from '../../state/location.ts';
import { readMarked } from './marked.ts';

/** The words of the search that the address names, as variables of a query; null: nothing is searched. */
export function searched(): { query: string } | null {
  const query = param('q').value;
  return query === null ? null : { query };
}

export interface SearchResult {
  readonly key: string;
  readonly href: string;
  readonly name: string;
  readonly detail: string | null | undefined;
  readonly snippets: readonly { readonly field: string; readonly text: string }[];
}

/** What a search found, with the places where its words stand. */
export function SearchResults({ results }: { results: readonly SearchResult[] }) {
  return (
    <Stack>
      {results.map(({ key, href, name, detail, snippets }) => (
        <article key={key}>
          <a href={href}>{name}</a> <span class="muted">{detail}</span>
          {snippets.map(({ field, text }) => (
            <p key={`${field} ${text}`} class="muted">
              {field}: <Snippet {...readMarked(text)} />
            </p>
          ))}
        </article>
      ))}
    </Stack>
  );
}
