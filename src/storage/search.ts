import type { SearchQuery } from '../core/search/search-query.ts';
import type { SearchedTable } from '../core/search/searched-table.ts';
import type { DynamicSelect } from './dialect/functions.ts';
import type { Store } from './store.ts';

/**
 * The rows of a project that a full-text query finds: a select over the searched table, to which
 * conditions on its columns, a selection and a count can be added. `bestFirst` orders it.
 *
 * The query sees each column up to `indexedCharacters`. PostgreSQL knows the places of a row's
 * first 16,383 words, all columns together, and of the first 256 occurrences of a word: a phrase
 * beyond them is not found there, its words are.
 */
export function searchRows(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  searched: SearchedTable,
  projectId: string,
  terms: SearchQuery,
): DynamicSelect {
  // A cross join is the one join that SQLite does not turn round: it would go through the project
  // and search for every row.
  return query
    .selectFrom(functions.search(searched, projectId, terms).as('found'))
    .crossJoin(searched.table)
    .whereRef('id', '=', 'match_id')
    .where('project_id', '=', projectId);
}

/** The order of search results: the best first, those of equal score by id. */
export const bestFirst = (rows: DynamicSelect): DynamicSelect =>
  rows.orderBy('score', 'desc').orderBy('id', 'asc');
