import { type Column, toPublicNumber } from '../core/dataset/column.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { columnOf } from '../core/dataset/table.ts';
import type { Filter, FilterTest } from '../core/filter.ts';
import { findPage } from '../lists/list-page.ts';
import type { StoredRow } from '../lists/stored-rows.ts';
import type { Store } from '../storage/store.ts';
import type { ExportPosition } from './export-position.ts';

/** The events that an export contains. */
export interface ExportScope {
  readonly dataset: Dataset;
  readonly projectId: string;
  /** The first instant, in epoch milliseconds; null: begins with the oldest events. */
  readonly from: number | null;
  /** The first instant that is no longer included; null: ends with the newest events. */
  readonly to: number | null;
  /** Continues after this event. */
  readonly after: ExportPosition | null;
  /** What the caller may see (`visibleRows`); null: all events of the project. */
  readonly filter: Filter | null;
  /** The maximum number of events; null: all. */
  readonly limit: number | null;
}

/** The values of an event in the units of the API, in the order of `exportedColumns`. */
export type ExportedRow = readonly unknown[];

/** Some events of an export, and the position of the last one. */
export interface ExportedPage {
  readonly rows: readonly ExportedRow[];
  readonly last: ExportPosition;
  /** Whether events of the scope follow, on the next pages or beyond the limit. */
  readonly hasMore: boolean;
}

/** The number of events in memory at a time. */
export const ROWS_PER_PAGE = 500;

/** The columns of an export: all except the project, which is the same in all rows. */
export const exportedColumns = ({ columns }: Dataset): readonly Column[] =>
  columns.filter(({ name }) => name !== 'projectId');

/**
 * Reads the events of an export page by page, sorted by time and id. Each page is a separate
 * statement that seeks to its position, so nothing stays open while a slow client takes a page.
 * Events that are stored meanwhile are included if their time lies after the current page.
 *
 * @param beforePage called before each page: it may wait, and throw to end the export
 */
export async function* readEvents(
  store: Store,
  scope: ExportScope,
  beforePage: () => Promise<void> = async () => {},
): AsyncGenerator<ExportedPage> {
  const { dataset, projectId, filter } = scope;
  const columns = exportedColumns(dataset);
  const rowsOf = { table: dataset, projectId, filter: eventsOf(scope, filter) };
  const order = { column: columnOf(dataset, 'timestamp'), direction: 'asc' } as const;
  let after = scope.after && { value: scope.after.timestamp, id: scope.after.id };
  let left = scope.limit ?? Number.POSITIVE_INFINITY;
  while (left > 0) {
    await beforePage();
    const page = { order, limit: Math.min(ROWS_PER_PAGE, left), backward: false, after, before: null };
    const { rows, hasNextPage } = await store.reading({ kind: 'LONG', projectId }, () =>
      store.readEvents(() => findPage(store, { scope: rowsOf, page, columns })),
    );
    const last = rows.at(-1)?.position;
    if (last === undefined) return;
    left -= rows.length;
    after = { value: Number(last.value), id: last.id };
    yield {
      rows: rows.map(({ row }) => columns.map((column) => publicValue(column, row))),
      last: { timestamp: after.value, id: after.id },
      hasMore: hasNextPage,
    };
    if (!hasNextPage) return;
  }
}

function eventsOf({ from, to }: ExportScope, filter: Filter | null): Filter {
  const time = (operator: 'gte' | 'lt', value: number): FilterTest => ({
    kind: 'test',
    field: 'timestamp',
    operator,
    value,
    negated: false,
  });
  return {
    kind: 'and',
    all: [
      ...(from === null ? [] : [time('gte', from)]),
      ...(to === null ? [] : [time('lt', to)]),
      ...(filter === null ? [] : [filter]),
    ],
  };
}

/** A stored value in the units of the API: money in USD, times as ISO 8601. */
function publicValue(column: Column, row: StoredRow): unknown {
  const value = row[column.prismaName];
  if (value === null) return null;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' ? toPublicNumber(column, value) : value;
}
