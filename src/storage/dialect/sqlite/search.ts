import { sql } from 'kysely';
import { defined } from '../../../core/defined.ts';
import { formsOf, type SearchQuery, type SearchTerm } from '../../../core/search/search-query.ts';
import { SEARCH_WEIGHTS, searchTableOf } from '../../../core/search/searched-table.ts';
import type { SqlFunctions } from '../functions.ts';

/**
 * A query in the language of FTS5's `match`. Every word is quoted, so that no character is special.
 * FTS5 folds the words itself, like those of the index.
 */
export function toFts5(query: SearchQuery): string {
  const required = query.required.map(toPhrase).join(' AND ');
  if (query.excluded.length === 0) return required;
  return `(${required}) NOT (${query.excluded.map(toPhrase).join(' OR ')})`;
}

function toPhrase(term: SearchTerm): string {
  const forms = formsOf(term).map((words) => `"${words.join(' ')}"${term.prefix ? ' *' : ''}`);
  return forms.length === 1 ? defined(forms[0]) : `(${forms.join(' OR ')})`;
}

/**
 * FTS5's bm25() is lower for better matches, so the score is negated. SQLite does not reorder a
 * cross join, so it searches the index of words first and finds the rows by their numbers.
 */
export const search: SqlFunctions['search'] = ({ table, columns }, projectId, query) => {
  const rows = sql.table(searchTableOf(table));
  const words = sql.table(`${searchTableOf(table)}_words`);
  const weights = sql.join(columns.map(({ weight }) => sql.lit(SEARCH_WEIGHTS[weight])));
  return sql`(
    select id as match_id, -bm25(${words}, ${weights}) as score
    from ${words} cross join ${rows} on ${rows}.number = ${words}.rowid
    where ${words} match ${toFts5(query)} and project_id = ${projectId}
  )`;
};
