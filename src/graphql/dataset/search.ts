import { checkBetween } from '../../core/check-between.ts';
import type { RecordTable } from '../../core/dataset/record.ts';
import { parseSearchQuery } from '../../core/search/search-query.ts';
import { searchedColumns, searchedTable } from '../../core/search/searched-record.ts';
import { whereFilter } from '../../query/where.ts';
import { searchRows } from '../../storage/search.ts';
import type { Context } from '../context.ts';
import { filterInput, readFilter } from './filter.ts';
import type { Parts } from './parts.ts';
import { type Search, shownName } from './search-results.ts';
import { searchType } from './search-types.ts';

const DEFAULT_FIRST = 20;
/** Where the texts are long, each snippet takes milliseconds of the thread that answers everybody. */
const MAX_FIRST = 100;

interface SearchArguments {
  readonly query: string;
  readonly filter?: Record<string, unknown> | null | undefined;
  readonly first?: number | null | undefined;
}

/** Adds the full-text search of a record: `searchArchitectures(query, filter, first)`. */
export function addSearchQuery(parts: Parts, record: RecordTable): void {
  const name = `search${record.name.charAt(0).toUpperCase()}${record.name.slice(1)}`;
  const fields = searchedColumns(record).map((column) => `\`${shownName(column)}\``);
  parts.builder.queryField(name, (t) =>
    t.field({
      type: searchType(parts, record),
      description:
        `Full-text search of ${record.name}, the best first. It looks into ${fields.join(', ')}; what stands in the first of ` +
        'these counts most.',
      args: {
        query: t.arg.string({
          required: true,
          description:
            'What to find, as it is typed into a search box: words, all of which must occur, `"quoted phrases"`, `-excluded` words ' +
            'and `prefix*`. Upper and lower case do not matter, accents do. At most 200 characters and 20 words and phrases.',
        }),
        filter: t.arg({ type: filterInput(parts, record), description: 'Among which; default: all.' }),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description: `How many of the best, 1 to ${MAX_FIRST}.`,
        }),
      },
      resolve: (_root, args, context) => readSearch(record, args, context),
    }),
  );
}

/** @throws InvalidArgument at the argument that cannot be used. */
function readSearch(record: RecordTable, args: SearchArguments, { services, projectId }: Context): Search {
  const query = parseSearchQuery(args.query, 'query');
  const filter = readFilter(record, args.filter);
  const first = checkBetween(args.first ?? DEFAULT_FIRST, MAX_FIRST, 'first');
  const found = searchRows(services.store, searchedTable(record), projectId, query);
  const rows = filter === null ? found : found.where(whereFilter(services.store.functions, record, filter));
  return { query, rows, first };
}
