import type { GraphQLResolveInfo } from 'graphql';
import type { RecordTable } from '../../core/dataset/record.ts';
import { searchedColumns } from '../../core/search/searched-record.ts';
import type { ObjectType } from '../builder.ts';
import { selectionOf, subselection } from '../selection.ts';
import { entityType, selectColumns } from './entity.ts';
import type { Parts } from './parts.ts';
import {
  countFound,
  loadBest,
  type Search,
  type SearchResult,
  type SearchSnippet,
  type WantedResults,
} from './search-results.ts';

/** `<Entity>Search`: what a full-text search found. */
export function searchType(parts: Parts, record: RecordTable): ObjectType<Search> {
  return parts.builder.objectRef<Search>(`${record.entity}Search`).implement({
    description: `What a full-text search of ${record.name} found.`,
    fields: (t) => ({
      totalCount: t.field({
        type: 'SafeInt',
        description: 'How many were found. Counted only when selected.',
        resolve: countFound,
      }),
      results: t.field({
        type: [resultType(parts, record)],
        description: 'The best of them, those of equal score by id.',
        resolve: (search, _args, context, info) =>
          loadBest(record, search, context, wantedResults(record, info)),
      }),
    }),
  });
}

const fieldOf = ({ entity }: RecordTable): string => entity.charAt(0).toLowerCase() + entity.slice(1);
const resultName = ({ entity }: RecordTable): string => `${entity}SearchResult`;

/** `<Entity>SearchResult` */
function resultType(parts: Parts, record: RecordTable): ObjectType<SearchResult> {
  return parts.builder.objectRef<SearchResult>(resultName(record)).implement({
    description: `One of the ${record.name} that a full-text search found.`,
    fields: (t) => ({
      [fieldOf(record)]: t.field({
        type: entityType(parts, record),
        description: 'What was found.',
        resolve: ({ entity }) => entity,
      }),
      score: t.exposeFloat('score', {
        description:
          'How well it fits: the higher, the better. It compares results of one search only, not those of another or of another ' +
          'database.',
      }),
      snippets: t.field({
        type: [snippetType(parts)],
        description: 'The part of each field that shows best why it was found.',
        resolve: ({ snippets }) => snippets,
      }),
    }),
  });
}

function snippetType(parts: Parts): ObjectType<SearchSnippet> {
  return parts.once('SearchSnippet', (builder) =>
    builder.objectRef<SearchSnippet>('SearchSnippet').implement({
      description: 'A part of a text in which the words of a search stand.',
      fields: (t) => ({
        field: t.exposeString('field', { description: 'The field that has the text, for example "name".' }),
        text: t.exposeString('text', {
          description:
            'HTML that is safe to put into a page: what was found stands in `<mark>`, all else is escaped, and `…` stands for what was ' +
            'left out.',
        }),
      }),
    }),
  );
}

function wantedResults(record: RecordTable, info: GraphQLResolveInfo): WantedResults {
  const results = selectionOf(info);
  const withSnippets = results.has('snippets');
  const select = selectColumns(
    info,
    record,
    subselection(info, results, resultName(record), fieldOf(record)),
  );
  if (withSnippets) {
    for (const { prismaName } of searchedColumns(record)) select[prismaName] = true;
  }
  return { select, withSnippets };
}
