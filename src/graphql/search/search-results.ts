import { sql } from 'kysely';
import type { Column } from '../../core/dataset/column.ts';
import type { StateTable } from '../../core/dataset/state.ts';
import { highlight } from '../../core/search/highlight.ts';
import type { SearchQuery } from '../../core/search/search-query.ts';
import { searchedColumns } from '../../core/search/searched-state.ts';
import type { DynamicSelect } from '../../storage/dialect/analytics-functions.ts';
import { bestFirst } from '../../storage/search.ts';
import type { Context } from '../context.ts';
import type { Entity } from '../entities/entity.ts';
import { loadEntities } from '../entities/load-entities.ts';
import type { Select } from '../entities/selected.ts';

/** A search that has not read anything yet: each field of the answer reads what it shows. */
export interface Search {
  readonly state: StateTable;
  readonly query: SearchQuery;
  /** All matches, in no order. */
  readonly rows: DynamicSelect;
  readonly first: number;
}

/** One match. */
export interface SearchResult {
  readonly entity: Entity;
  readonly score: number;
  /** Empty if none were requested. */
  readonly snippets: readonly SearchSnippet[];
}

export interface SearchSnippet {
  readonly field: string;
  readonly text: string;
}

/** The name of a searched column in the schema. */
export const shownName = ({ name, textOf }: Column): string => textOf ?? name;

export async function countFound({ rows }: Search, context: Context): Promise<number> {
  const counted = rows.select(sql<unknown>`count(*)`.as('count'));
  const row = await searching(context, () => counted.executeTakeFirstOrThrow());
  return Number(row['count']);
}

/**
 * Runs a statement that searches. It reads all matches and ranks them, which takes seconds for many
 * long texts, so it takes turns with other long reads. A replica may answer it.
 */
const searching = <Found>(
  { services: { store }, projectId }: Context,
  statement: () => Promise<Found>,
): Promise<Found> => store.reading({ kind: 'LONG', projectId }, () => store.readEvents(statement));

/**
 * The columns of the states to load, and whether to make snippets. For snippets, `select` must
 * include the searched columns.
 */
export interface WantedResults {
  readonly select: Select;
  readonly withSnippets: boolean;
}

/** About how long the snippet of a text takes: 7 ms for the longest one that the index covers. */
const CHARACTER_MICROSECONDS = 0.1;

/** The best `first` matches. */
export async function loadBest(
  context: Context,
  { state, rows, query, first }: Search,
  { select, withSnippets }: WantedResults,
): Promise<SearchResult[]> {
  const { portions, store } = context.services;
  // The states themselves are read from the primary.
  const best = await searching(context, () =>
    bestFirst(rows.select(['id', 'score']))
      .limit(first)
      .execute(),
  );
  const ids = best.map((row) => String(row['id']));
  const entities = await loadEntities(context, { table: state, ids, select });
  const results: SearchResult[] = [];
  for (const row of best) {
    const entity = entities.get(String(row['id']));
    // The state was removed after the search found it.
    if (entity === undefined) continue;
    if (withSnippets) {
      await portions.pass(searchedLength(state, entity) * CHARACTER_MICROSECONDS);
      // Ends here if nobody waits for the results any more.
      store.count({});
    }
    const snippets = withSnippets ? cutSnippets(state, entity, query) : [];
    results.push({ entity, score: Number(row['score']), snippets });
  }
  return results;
}

const textsOf = (state: StateTable, entity: Entity) =>
  searchedColumns(state).map((column) => ({ column, text: entity[column.prismaName] }));

const searchedLength = (state: StateTable, entity: Entity): number =>
  textsOf(state, entity).reduce((sum, { text }) => sum + (typeof text === 'string' ? text.length : 0), 0);

/** A snippet of each matching column, in the order of the weights of the columns. */
function cutSnippets(state: StateTable, entity: Entity, query: SearchQuery): SearchSnippet[] {
  return textsOf(state, entity).flatMap(({ column, text }) => {
    const html = typeof text === 'string' ? highlight(text, query) : null;
    return html === null ? [] : [{ field: shownName(column), text: html }];
  });
}
