import { sql } from 'kysely';
import type { SearchQuery, SearchTerm } from '../../../core/search/search-query.ts';
import { SEARCH_WEIGHTS, searchTableOf } from '../../../core/search/searched-table.ts';
import type { SqlFunctions } from '../functions.ts';

/**
 * A query in the language of FTS5's `match`, over the given columns. Every word stands in quotes, where nothing has a meaning; FTS5
 * folds them itself, as it did those of the index.
 */
export function toFts5(query: SearchQuery, columns: readonly string[]): string {
  const required = query.required.map(toPhrase).join(' AND ');
  const excluded = query.excluded.map(toPhrase).join(' OR ');
  const names = columns.map((name) => `"${name}"`).join(' ');
  return `{${names}} : ((${required})${excluded === '' ? '' : ` NOT (${excluded})`})`;
}

const toPhrase = ({ words, prefix }: SearchTerm): string => `"${words.join(' ')}"${prefix ? ' *' : ''}`;

/** What `searchSql` of scripts/migrations/search-sql.ts puts before the searched columns: project_id, id and key. */
const OWN_COLUMNS = 3;

export const search: SqlFunctions['search'] = (searched, projectId, query) => {
  const index = sql.table(searchTableOf(searched.table));
  const text = toFts5(
    query,
    searched.columns.map(({ name }) => name),
  );
  const weights = [
    ...new Array<number>(OWN_COLUMNS).fill(0),
    ...searched.columns.map(({ weight }) => SEARCH_WEIGHTS[weight]),
  ];
  // The better a match, the lower bm25() of FTS5.
  return sql`(
    select id as match_id, -bm25(${index}, ${sql.join(weights.map((weight) => sql.lit(weight)))}) as score
    from ${index} where ${index} match ${text} and project_id = ${projectId}
  )`;
};
