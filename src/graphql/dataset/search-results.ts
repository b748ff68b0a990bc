import { sql } from 'kysely';
import type { Column } from '../../core/dataset/column.ts';
import type { RecordTable } from '../../core/dataset/record.ts';
import { highlight } from '../../core/search/highlight.ts';
import type { SearchQuery } from '../../core/search/search-query.ts';
import { searchedColumns } from '../../core/search/searched-record.ts';
import type { DynamicSelect } from '../../storage/dialect/functions.ts';
import { bestFirst } from '../../storage/search.ts';
import type { Context } from '../context.ts';
import type { Entity } from './entity.ts';
import { loadEntities } from './load.ts';

/** What was asked. Nothing is read yet: each field of the answer reads what it shows. */
export interface Search {
  readonly query: SearchQuery;
  /** Everything that was found, in no order. */
  readonly rows: DynamicSelect;
  readonly first: number;
}

/** One of the records that were found. The record has its searched columns where snippets are wanted. */
export interface SearchResult {
  readonly entity: Entity;
  readonly score: number;
  readonly query: SearchQuery;
}

export interface SearchSnippet {
  readonly field: string;
  readonly text: string;
}

/** The name by which users know what a searched column says. */
export const shownName = ({ name, textOf }: Column): string => textOf ?? name;

/** How many records were found. */
export async function countFound({ rows }: Search): Promise<number> {
  const row = await rows.select(sql<unknown>`count(*)`.as('count')).executeTakeFirstOrThrow();
  return Number(row['count']);
}

/** The best of what was found, with these columns. */
export async function loadBest(
  record: RecordTable,
  { rows, query, first }: Search,
  context: Context,
  select: Readonly<Record<string, true>>,
): Promise<SearchResult[]> {
  const best = await bestFirst(rows.select(['id', 'score']))
    .limit(first)
    .execute();
  const ids = best.map((row) => String(row['id']));
  const entities = await loadEntities(record, context, ids, select);
  return best.flatMap((row) => {
    // What was removed since it was found is no result.
    const entity = entities.get(String(row['id']));
    return entity === undefined ? [] : [{ entity, score: Number(row['score']), query }];
  });
}

/** Where the record has what was searched for: a snippet of each column that does, the weightiest first. */
export function cutSnippets(record: RecordTable, { entity, query }: SearchResult): SearchSnippet[] {
  return searchedColumns(record).flatMap((column) => {
    const value = entity[column.prismaName];
    const text = typeof value === 'string' ? highlight(value, query) : null;
    return text === null ? [] : [{ field: shownName(column), text }];
  });
}
