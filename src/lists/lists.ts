import type { ColumnsCopy, FromColumns } from '../columns/read-columns.ts';
import { both } from '../core/build-filter.ts';
import type { Column } from '../core/dataset/column.ts';
import type { HorizonReader } from '../storage/horizons.ts';
import type { Store } from '../storage/store.ts';
import { accessPathOf, PROBE_ROWS } from './access-path.ts';
import { atReplica } from './at-replica.ts';
import { countEach, type ListsByValue, scopeOfAll } from './first-pages.ts';
import { withKnownIds } from './known-ids.ts';
import { countRows, findPage, type ListPage, type ListScope, type PageOfList } from './list-page.ts';
import { createListsByColumns, type ListsByColumns } from './lists-by-columns.ts';
import type { Page } from './page.ts';
import { betweenCursors, countUpTo, testOfFirst } from './probe.ts';

/**
 * Pages and counts of lists. Rows answer where an index leads to them, or where there are few.
 * Otherwise their columnar copy answers, if it can. The answers are the same.
 */
export interface Lists {
  /** See `findPage` of `list-page.ts`. */
  findPage(scope: ListScope, page: Page, columns: readonly Column[]): Promise<ListPage>;
  /** Counts the rows of the list on all pages. */
  countRows(scope: ListScope): Promise<number>;
  /** Counts the rows of each list, by its value. Lists without rows are omitted. */
  countEach(lists: ListsByValue): Promise<ReadonlyMap<string, number>>;
}

export interface ListsOptions {
  readonly store: Store;
  readonly horizons: HorizonReader;
  /** Default: there are none. */
  readonly columns?: ColumnsCopy;
  /** How many rows are read before the columns are asked. Default: `PROBE_ROWS`. */
  readonly probeRows?: number;
}

export function createLists({ store, horizons, columns, probeRows }: ListsOptions): Lists {
  const byRows: Lists = {
    findPage: (scope, page, wanted) => findPage(store, { scope, page, columns: wanted }),
    countRows: (scope) => countRows(store, scope),
    countEach: (lists) => countEach(store, scopeOfAll(lists), lists.column),
  };
  const byColumns = columns && createListsByColumns(store, horizons, columns);
  const lists = byColumns === undefined ? byRows : chooseLists(store, { byRows, byColumns, probeRows });
  return {
    findPage: (scope, page, wanted) =>
      atReplica(store, scope.table, () => lists.findPage(withKnownIds(scope), page, wanted)),
    countRows: (scope) => atReplica(store, scope.table, () => lists.countRows(withKnownIds(scope))),
    countEach: (asked) => atReplica(store, asked.table, () => lists.countEach(asked)),
  };
}

interface Choice {
  readonly byRows: Lists;
  readonly byColumns: ListsByColumns;
  readonly probeRows: number | undefined;
}

function chooseLists(store: Store, { byRows, byColumns, probeRows: most = PROBE_ROWS }: Choice): Lists {
  const areFew = async (rows: ListScope): Promise<boolean> => (await countUpTo(store, rows, most)) < most;

  /** The page, if it is among the first rows of its order; null if more rows must be read. */
  async function probe(rows: ListScope, { scope, page, columns }: Required<PageOfList>) {
    const first = await testOfFirst(store, { rows, page, most });
    if (first === null) return byRows.findPage(scope, page, columns);
    const found = await byRows.findPage({ ...scope, filter: both(first, scope.filter) }, page, columns);
    return (page.backward ? found.hasPreviousPage : found.hasNextPage) ? found : null;
  }

  return {
    async findPage(scope, page, wanted) {
      const fromRows = () => byRows.findPage(scope, page, wanted);
      const path = accessPathOf(scope, page.order);
      if (path.kind === 'SEEK' || !byColumns.hold(scope, page.order.column.name)) return fromRows();
      if (path.kind === 'SCAN') {
        const rows = { ...scope, filter: betweenCursors(path.sought, page) };
        const seen = await probe(rows, { scope, page, columns: wanted });
        if (seen !== null) return seen;
      } else if (await areFew({ ...scope, filter: path.sought })) {
        return fromRows();
      }
      return foundOr(await byColumns.findPage(scope, page, wanted), fromRows);
    },

    async countRows(scope) {
      const fromRows = () => byRows.countRows(scope);
      const path = accessPathOf(scope, null);
      if (path.kind !== 'ALL' || !byColumns.hold(scope, null)) return fromRows();
      const count = await countUpTo(store, { ...scope, filter: path.sought }, most);
      if (count < most) return path.exact ? count : fromRows();
      return foundOr(await byColumns.countRows(scope), fromRows);
    },

    async countEach(lists) {
      const fromRows = () => byRows.countEach(lists);
      const scope = scopeOfAll(lists);
      const path = accessPathOf(scope, null);
      if (path.kind !== 'ALL' || !byColumns.hold(scope, lists.column)) return fromRows();
      if (await areFew({ ...scope, filter: path.sought })) return fromRows();
      return foundOr(await byColumns.countEach(scope, lists.column), fromRows);
    },
  };
}

function foundOr<Found>(answer: FromColumns<Found>, fromRows: () => Promise<Found>): Promise<Found> | Found {
  return 'why' in answer ? fromRows() : answer.found;
}
