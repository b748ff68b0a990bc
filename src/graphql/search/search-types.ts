import type { GraphQLResolveInfo } from 'graphql';
import type { StateTable } from '../../core/dataset/state.ts';
import { searchedColumns } from '../../core/search/searched-state.ts';
import type { ObjectType } from '../builder.ts';
import type { Context } from '../context.ts';
import { entityType } from '../entities/entity.ts';
import { selectEntities } from '../entities/selected.ts';
import { costs, costsRows } from '../limits/field-cost.ts';
import { selectionOf } from '../selection.ts';
import type { TypeRegistry } from '../type-registry.ts';
import {
  countFound,
  loadBest,
  type Search,
  type SearchResult,
  type SearchSnippet,
  type WantedResults,
} from './search-results.ts';

/** The price of a statement that searches: it may have to rank every text of the project. */
const SEARCH_ROWS = 2_000;

/** `<Entity>Search`: the result of a full-text search. */
export function searchType(types: TypeRegistry, state: StateTable): ObjectType<Search> {
  return types.builder.objectRef<Search>(`${state.entity}Search`).implement({
    description: `What a full-text search of ${state.name} found.`,
    fields: (t) => ({
      totalCount: t.field({
        type: 'SafeInt',
        extensions: costsRows(SEARCH_ROWS),
        description: 'Number of matches. Counted only when selected.',
        resolve: (search, _args, context) => countFound(search, context),
      }),
      results: t.field({
        type: [resultType(types, state)],
        extensions: costs<number>(({ from }) => ({ rows: SEARCH_ROWS + from, times: from })),
        description: 'The best results. Equal scores are sorted by id.',
        resolve: (search, _args, context, info) =>
          loadBest(context, search, wantedResults(state, context, info)),
      }),
    }),
  });
}

const fieldOf = ({ entity }: StateTable): string => entity.charAt(0).toLowerCase() + entity.slice(1);
const resultName = ({ entity }: StateTable): string => `${entity}SearchResult`;

/**
 * The price of the snippets of one result: a long text takes as long to search as this many rows
 * take to show.
 */
const SNIPPET_ROWS = 100;

/** `<Entity>SearchResult` */
function resultType(types: TypeRegistry, state: StateTable): ObjectType<SearchResult> {
  return types.builder.objectRef<SearchResult>(resultName(state)).implement({
    description: `One of the ${state.name} that a full-text search found.`,
    fields: (t) => ({
      [fieldOf(state)]: t.field({
        type: entityType(types, state),
        description: 'The object that was found.',
        resolve: ({ entity }) => entity,
      }),
      score: t.exposeFloat('score', {
        description:
          'The relevance: higher is better. Scores are comparable only within one search, not ' +
          'between searches or databases.',
      }),
      snippets: t.field({
        type: [snippetType(types)],
        extensions: costsRows(SNIPPET_ROWS),
        description: 'The part of each field that best shows why it was found.',
        resolve: ({ snippets }) => snippets,
      }),
    }),
  });
}

function snippetType(types: TypeRegistry): ObjectType<SearchSnippet> {
  return types.once('SearchSnippet', (builder) =>
    builder.objectRef<SearchSnippet>('SearchSnippet').implement({
      description: 'A part of a text that contains the search words.',
      fields: (t) => ({
        field: t.exposeString('field', {
          description: 'The field that contains the text, for example "name".',
        }),
        text: t.exposeString('text', {
          description:
            'HTML that is safe to insert into a page: matches are in `<mark>`, everything else ' +
            'is escaped, and `…` marks omitted text.',
        }),
      }),
    }),
  );
}

function wantedResults(state: StateTable, context: Context, info: GraphQLResolveInfo): WantedResults {
  const withSnippets = selectionOf(info).has('snippets');
  const select = { ...selectEntities(context, info, state, [fieldOf(state)]) };
  if (withSnippets) {
    for (const { prismaName } of searchedColumns(state)) select[prismaName] = true;
  }
  return { select, withSnippets };
}
