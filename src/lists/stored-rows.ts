import { sql } from 'kysely';
import type { Column, ColumnKind } from '../core/dataset/column.ts';
import type { EntityTable } from '../core/dataset/table.ts';
import type { Filter } from '../core/filter.ts';
import { columnReference, whereFilter } from '../filter/where.ts';
import { damagedValue, LAST_INSTANT } from '../storage/errors.ts';
import type { Store } from '../storage/store.ts';
import { parseStored } from '../storage/stored-json.ts';

/**
 * The id of a row and the requested columns, by their Prisma names and in the shape that Prisma
 * returns.
 */
export type StoredRow = Record<string, unknown> & { readonly id: string };

export interface WantedRows {
  readonly table: EntityTable;
  readonly projectId: string;
  readonly ids: readonly string[];
  /** Only rows that it matches. Absent or null: all. */
  readonly filter?: Filter | null;
}

/** Reads the rows with these ids, in no particular order. Ids without such a row are ignored. */
export async function readRows(
  store: Pick<Store, 'query' | 'functions'>,
  { table, projectId, ids, filter = null }: WantedRows,
  columns: readonly Column[],
): Promise<StoredRow[]> {
  if (ids.length === 0) return [];
  let wanted = store.query
    .selectFrom(table.table)
    .where('project_id', '=', projectId)
    .where('id', 'in', ids)
    .select(selectStored(columns));
  if (filter !== null) wanted = wanted.where(whereFilter(store, table, filter));
  const rows = await wanted.execute();
  return rows.map(createRowReader(columns));
}

/** The selection that `createRowReader` needs. `alias` is the name of the table in the query. */
export function selectStored(columns: readonly Column[], alias?: string) {
  const id = sql.ref(alias === undefined ? 'id' : `${alias}.id`).as('id');
  return [
    id,
    ...columns.filter(isNotId).map((column) => columnReference(column, alias).as(column.prismaName)),
  ];
}

/**
 * Creates a function that converts a row of a statement to a stored row. It converts in place,
 * because a page has thousands of values.
 *
 * @throws StorageUnavailable for a value of the wrong type: the database is damaged.
 */
export function createRowReader(columns: readonly Column[]): (row: Record<string, unknown>) => StoredRow {
  const readers = columns.filter(isNotId).map(({ kind, prismaName }) => [prismaName, READERS[kind]] as const);
  return (row) => {
    for (const [name, read] of readers) {
      const value = row[name];
      if (value !== null) row[name] = read(value);
    }
    return row as StoredRow;
  };
}

const isNotId = ({ name }: Column): boolean => name !== 'id';

const READERS: Readonly<Record<ColumnKind, (value: unknown) => unknown>> = {
  uuid: readText,
  text: readText,
  enum: readText,
  duration: readText,
  integer: (value) => Math.trunc(readNumber(value)),
  money: (value) => Math.trunc(readNumber(value)),
  float: readNumber,
  boolean: (value) => (typeof value === 'boolean' ? value : readNumber(value) !== 0),
  timestamp: readTime,
  // SQLite stores the text of a number as a number in a column of this type.
  json: (value) => (typeof value === 'number' ? value : parseStored(readText(value))),
  texts: (value) => parseStored(readText(value)),
};

function readText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw damagedValue('a text', value);
}

function readNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  throw damagedValue('a number', value);
}

function readTime(value: unknown): Date {
  if (typeof value === 'number' && Math.abs(value) <= LAST_INSTANT) return new Date(value);
  throw damagedValue('a time', value);
}
