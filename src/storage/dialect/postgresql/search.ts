import { sql } from 'kysely';
import { formsOf, type SearchQuery, type SearchTerm } from '../../../core/search/search-query.ts';
import { searchTableOf } from '../../../core/search/searched-table.ts';
import { foldWord } from '../../../core/search/words.ts';
import type { SqlFunctions } from '../functions.ts';

/**
 * A query as the text of a `tsquery`, to be cast, because `to_tsquery()` would divide words by its
 * own rules. Words contain neither quotes nor backslashes, so quoting needs no escapes.
 */
export function toTsquery({ required, excluded }: SearchQuery): string {
  return [...required.map(toPhrase), ...excluded.map((term) => `!${toPhrase(term)}`)].join(' & ');
}

function toPhrase(term: SearchTerm): string {
  const forms = formsOf(term).map(
    (words) => `${words.map((word) => `'${foldWord(word)}'`).join(' <-> ')}${term.prefix ? ':*' : ''}`,
  );
  return `(${forms.join(' | ')})`;
}

export const search: SqlFunctions['search'] = ({ table }, projectId, query) => {
  const terms = sql`cast(${toTsquery(query)} as tsquery)`;
  return sql`(
    select id as match_id, ts_rank(document, ${terms}) as score
    from ${sql.table(searchTableOf(table))} where document @@ ${terms} and project_id = ${projectId}
  )`;
};
