import type { EntityTable } from '../core/dataset/table.ts';
import type { Filter, FilterTest } from '../core/filter.ts';
import type { ListScope } from './list-page.ts';
import type { ListOrder } from './page.ts';

/**
 * How many rows are read before the columns are asked. Reading that many takes 5 ms, half of what
 * the fastest question to the columns takes, so a probe in vain costs little.
 */
export const PROBE_ROWS = 2_000;

/** How the rows of a list are found in their table. */
export type AccessPath =
  /**
   * An index has few rows, or has the rows of the list in its order. No more rows are read than are
   * shown.
   */
  | { readonly kind: 'SEEK' }
  /**
   * An index has the rows of `sought` in the order of the list. Only some of them belong to the
   * list.
   */
  | { readonly kind: 'SCAN'; readonly sought: Filter | null }
  /**
   * All rows of `sought`, which an index finds, must be read to sort or to count. `exact`: they are
   * exactly the rows of the list.
   */
  | { readonly kind: 'ALL'; readonly sought: Filter | null; readonly exact: boolean };

/**
 * How to find the rows of a list in an order, or to count them (order null). This follows from the
 * declaration alone; the number of rows matters only later.
 */
export function accessPathOf(
  { table, filter }: Pick<ListScope, 'table' | 'filter'>,
  order: ListOrder | null,
): AccessPath {
  const tests = filter === null ? [] : partsOf(filter);
  const byTime = order?.column.name === table.timeColumn;
  if (tests.some((test) => isSought(test, 'id', true))) return { kind: 'SEEK' };
  // An index has the rows of one value in the order of time, but not the rows of several values.
  const key = (table.indexed ?? [])
    .map((name) => tests.find((test) => isSought(test, name, !byTime)))
    .find((test) => test !== undefined);
  const found = tests.filter((test) => test === key || isOfTime(test, table));
  const sought: Filter | null = found.length === 0 ? null : { kind: 'and', all: found };
  const exact = found.length === tests.length;
  if (!byTime) return { kind: 'ALL', sought, exact };
  return exact ? { kind: 'SEEK' } : { kind: 'SCAN', sought };
}

/** The conditions that must all be true. */
export function partsOf(filter: Filter): readonly Filter[] {
  return filter.kind === 'and' ? filter.all.flatMap(partsOf) : [filter];
}

/**
 * Whether a seek finds the rows that match: those with one value or, if `several` allows, one of
 * several.
 */
export function isSought(filter: Filter, field: string, several: boolean): filter is FilterTest {
  if (filter.kind !== 'test' || filter.field !== field || filter.negated || filter.value === null)
    return false;
  return filter.operator === 'eq' || (several && filter.operator === 'in');
}

const RANGES: ReadonlySet<string> = new Set(['lt', 'lte', 'gt', 'gte', 'eq']);

const isOfTime = (filter: Filter, { timeColumn }: EntityTable): boolean =>
  filter.kind === 'test' && filter.field === timeColumn && !filter.negated && RANGES.has(filter.operator);
