import { checkBetween } from '../../core/check-between.ts';
import type { StateTable } from '../../core/dataset/state.ts';
import { parseSearchQuery } from '../../core/search/search-query.ts';
import { searchedColumns, searchedTable } from '../../core/search/searched-state.ts';
import { readFilter } from '../../filter/read-filter.ts';
import { whereFilter } from '../../filter/where.ts';
import { searchRows } from '../../storage/search.ts';
import type { Context } from '../context.ts';
import { costs } from '../limits/field-cost.ts';
import { filterInput } from '../lists/filter.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { type Search, shownName } from './search-results.ts';
import { searchType } from './search-types.ts';

const DEFAULT_FIRST = 20;
/** In long texts, each snippet takes milliseconds of the thread that serves all clients. */
const MAX_FIRST = 100;

interface SearchArguments {
  readonly query: string;
  readonly filter?: Record<string, unknown> | null | undefined;
  readonly first?: number | null | undefined;
}

/** Adds the full-text search of a state: `searchArchitectures(query, filter, first)`. */
export function addSearchQuery(types: TypeRegistry, state: StateTable): void {
  const name = `search${state.name.charAt(0).toUpperCase()}${state.name.slice(1)}`;
  const fields = searchedColumns(state).map((column) => `\`${shownName(column)}\``);
  types.builder.queryField(name, (t) =>
    t.field({
      authScopes: { read: true },
      type: searchType(types, state),
      description:
        `Full-text search of ${state.name}, best match first. It searches ` +
        `${fields.join(', ')}; matches in the first of these count most.`,
      args: {
        query: t.arg.string({
          required: true,
          description:
            'The search text, as typed into a search box: words, all of which must occur, ' +
            '`"quoted phrases"`, `-excluded` words and `prefix*`. Case does not matter, ' +
            'accents do. At most 200 characters and 20 words and phrases.',
        }),
        filter: t.arg({
          type: filterInput(types, state),
          description: 'Only items that match this filter. Default: all.',
        }),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description: `Maximum number of results, 1 to ${MAX_FIRST}.`,
        }),
      },
      extensions: costs(({ args }) => ({
        rows: 0,
        value: checkBetween(args.first ?? DEFAULT_FIRST, MAX_FIRST, 'first'),
      })),
      resolve: (_root, args, context) => readSearch(state, args, context),
    }),
  );
}

/** @throws InvalidArgument at the invalid argument. */
function readSearch(state: StateTable, args: SearchArguments, { services, projectId }: Context): Search {
  const query = parseSearchQuery(args.query, 'query');
  const filter = readFilter(state, args.filter);
  const first = checkBetween(args.first ?? DEFAULT_FIRST, MAX_FIRST, 'first');
  const found = searchRows(services.store, { searched: searchedTable(state), projectId, terms: query });
  const rows = filter === null ? found : found.where(whereFilter(services.store, state, filter));
  return { state, query, rows, first };
}
