import type { SearchQuery } from '../core/search/search-query.ts';
import type { SearchedTable } from '../core/search/searched-table.ts';
import type { DynamicSelect } from './dialect/analytics-functions.ts';
import type { Store } from './store.ts';

export interface RowSearch {
  readonly searched: SearchedTable;
  readonly projectId: string;
  readonly terms: SearchQuery;
}

/**
 * The rows of a project that a full-text query finds, as a select over the searched table. Callers
 * add conditions on its columns, a selection or a count. `bestFirst` orders it.
 *
 * The index covers the first `indexedCharacters` of each column. PostgreSQL stores the positions of
 * the first 16,383 words of a row, all columns together, and of the first 256 occurrences of a
 * word. Beyond these limits it finds words, but not phrases.
 */
export function searchRows(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  { searched, projectId, terms }: RowSearch,
): DynamicSelect {
  // SQLite does not reorder a cross join. With another join it would scan the project and search
  // once per row.
  return query
    .selectFrom(functions.search(searched, projectId, terms).as('found'))
    .crossJoin(searched.table)
    .whereRef('id', '=', 'match_id')
    .where('project_id', '=', projectId);
}

/** The order of search results: the best first, rows with equal scores by id. */
export const bestFirst = (rows: DynamicSelect): DynamicSelect =>
  rows.orderBy('score', 'desc').orderBy('id', 'asc');
