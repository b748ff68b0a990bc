import type { Query } from '../../data/use-query.ts';
import { Snippet } from '../../parts/snippet.tsx';
import { Stack } from '../../parts/stack.tsx';
import { param } from '../../state/location.ts';
import { readMarked } from './marked.ts';
import { QueryPanel } from './query-panel.tsx';

/** The search text in the address, as variables of a query; null if there is none. */
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

interface FoundProps<Result> {
  readonly query: Query<Result>;
  /** The first results. */
  readonly resultsOf: (data: Result) => readonly SearchResult[];
  readonly countOf: (data: Result) => number;
  /** What is searched, in the plural. */
  readonly things: string;
}

/** The results of a search, with the passages that match. */
export function FoundPanel<Result>({ query, resultsOf, countOf, things }: FoundProps<Result>) {
  return (
    <QueryPanel
      title="Results"
      query={query}
      isEmpty={(data) => resultsOf(data).length === 0}
      empty={{ title: 'Nothing matches all of these words' }}
      footer={query.data && `${countOf(query.data)} ${things}`}
    >
      {(data) => (
        <Stack>
          {resultsOf(data).map(({ key, href, name, detail, snippets }) => (
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
      )}
    </QueryPanel>
  );
}
