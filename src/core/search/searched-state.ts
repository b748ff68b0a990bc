import type { Column } from '../dataset/column.ts';
import type { StateTable } from '../dataset/state.ts';
import { columnOf } from '../dataset/table.ts';
import type { SearchedTable, SearchWeight } from './searched-table.ts';

/** By the index of a column in `searched`. */
const WEIGHTS: readonly SearchWeight[] = ['A', 'B'];
/** The weight of the third column and those after it. */
const LOWEST_WEIGHT: SearchWeight = 'C';

/**
 * The columns of a state that full-text search uses, the highest weight first; none if it has no
 * search.
 */
export function searchedColumns(state: StateTable): readonly Column[] {
  return (state.searched ?? []).map((name) => columnOf(state, name));
}

/** The table and the columns that the search index of a state covers. */
export function searchedTable(state: StateTable): SearchedTable {
  const columns = searchedColumns(state).map(({ sqlName }, position) => ({
    name: sqlName,
    weight: WEIGHTS[position] ?? LOWEST_WEIGHT,
  }));
  return { table: state.table, columns };
}
