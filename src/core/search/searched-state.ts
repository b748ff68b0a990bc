import type { Column } from '../dataset/column.ts';
import type { StateTable } from '../dataset/state.ts';
import { columnOf } from '../dataset/table.ts';
import type { SearchedTable, SearchWeight } from './searched-table.ts';

/** By the place of a column in `searched`. */
const WEIGHTS: readonly SearchWeight[] = ['A', 'B', 'C'];

/**
 * The columns of a state that full-text search looks into, the weightiest first; none when it has
 * no search.
 */
export function searchedColumns(state: StateTable): readonly Column[] {
  return (state.searched ?? []).map((name) => columnOf(state, name));
}

/** What the search index of a state's table holds. */
export function searchedTable(state: StateTable): SearchedTable {
  const columns = searchedColumns(state).map(({ sqlName }, place) => ({
    name: sqlName,
    // Whatever comes behind the third weighs as much as that.
    weight: WEIGHTS[Math.min(place, WEIGHTS.length - 1)] as SearchWeight,
  }));
  return { table: state.table, columns };
}
