import { columnsFunctions } from '../columns/functions.ts';
import { type ColumnsCopy, createReadColumns, type FromColumns } from '../columns/read-columns.ts';
import { both } from '../core/build-filter.ts';
import type { Column } from '../core/dataset/column.ts';
import { type Filter, filterFields } from '../core/filter.ts';
import type { HorizonReader } from '../storage/horizons.ts';
import type { Store } from '../storage/store.ts';
import { countEach } from './first-pages.ts';
import {
  countRows,
  type ListPage,
  type ListScope,
  pageQuery,
  positionsOf,
  type RowsOfLists,
  toListPage,
} from './list-page.ts';
import type { Page } from './page.ts';
import { readRows } from './stored-rows.ts';

/** Lists from the columnar copy. They equal those of the rows, or say why the rows must answer. */
export interface ListsByColumns {
  /**
   * Whether the copy holds everything that a list needs.
   *
   * @param by the column by which it is sorted or grouped; null: it is only counted
   */
  hold(scope: ListScope, by: string | null): boolean;
  /** The columns find the keys of the page. The rows are then read by key. */
  findPage(scope: ListScope, page: Page, columns: readonly Column[]): Promise<FromColumns<ListPage>>;
  countRows(scope: ListScope): Promise<FromColumns<number>>;
  countEach(scope: ListScope, column: string): Promise<FromColumns<ReadonlyMap<string, number>>>;
}

export function createListsByColumns(
  store: Store,
  horizons: HorizonReader,
  columns: ColumnsCopy,
): ListsByColumns {
  const { copy } = columns;
  const copied = { query: copy.query, functions: columnsFunctions, reading: store.reading };
  const readColumns = createReadColumns(columns);

  async function ask<Found>(
    scope: ListScope,
    read: (rows: RowsOfLists & Pick<Store, 'reading'>, scope: ListScope) => Promise<Found>,
  ): Promise<FromColumns<Found>> {
    const { table, projectId, filter } = scope;
    // The copy is one of the primary, and so are the rows that it names.
    store.scope().target?.leave();
    const { rows: horizon } = await horizons.read(projectId, table);
    const kept = { ...scope, filter: both(filter, isKept(horizon)) };
    return readColumns(table, () => store.reading({ kind: 'LONG', projectId }, () => read(copied, kept)));
  }

  return {
    hold({ table, filter }, by) {
      const fields = ['id', ...(filter === null ? [] : filterFields(filter)), ...(by === null ? [] : [by])];
      return table.kind === 'event' && copy.holds(table, fields);
    },
    async findPage(scope, page, wanted) {
      const keys = await ask(scope, (rows, kept) => pageQuery(rows, { scope: kept, page }).execute());
      if ('why' in keys) return keys;
      const positions = positionsOf(page, keys.found);
      const ids = positions.slice(0, page.limit).map(({ id }) => id);
      // Applies the filter again, because the rows are the source of truth.
      const rows = await readRows(store, { ...scope, ids }, wanted);
      const byId = new Map(rows.map((row) => [row.id, row]));
      const found = ids.map((id) => byId.get(id));
      return { found: toListPage(page, positions, found) };
    },
    countRows: (scope) => ask(scope, countRows),
    countEach: (scope, column) => ask(scope, (rows, kept) => countEach(rows, kept, column)),
  };
}

/**
 * The events that retention has not removed. The copy removes them later than the rows do, by the
 * same rule. Null: nothing was removed.
 */
function isKept(horizon: number): Filter | null {
  if (!Number.isFinite(horizon)) return null;
  const test = { kind: 'test', operator: 'gte', value: horizon, negated: false } as const;
  return {
    kind: 'or',
    all: [
      { ...test, field: 'timestamp' },
      { ...test, field: 'receivedAt' },
    ],
  };
}
