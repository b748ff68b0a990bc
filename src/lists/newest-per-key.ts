import { sql } from 'kysely';
import type { Column } from '../core/dataset/column.ts';
import { columnOf, type EntityTable } from '../core/dataset/table.ts';
import { columnReference } from '../filter/where.ts';
import type { Store } from '../storage/store.ts';
import { createRowReader, type StoredRow, selectStored } from './stored-rows.ts';

/** An event or a record, and its time (epoch milliseconds). */
export interface EventKey {
  readonly id: string;
  readonly timestamp: number;
}

/** A row and its time (epoch milliseconds). */
export interface TimedRow extends EventKey {
  /** Holds the columns that were asked for. */
  readonly row: StoredRow;
}

export interface NewestPerKey {
  readonly projectId: string;
  readonly table: EntityTable;
  readonly column: string;
  readonly keys: readonly string[];
  readonly first: number;
}

/** `findNewestRows` without any columns. */
export async function findNewestPerKey(
  store: Pick<Store, 'query' | 'functions'>,
  wanted: NewestPerKey,
): Promise<ReadonlyMap<string, readonly EventKey[]>> {
  const found = await findNewestRows(store, wanted, []);
  return new Map(
    [...found].map(([key, rows]) => [key, rows.map(({ id, timestamp }) => ({ id, timestamp }))]),
  );
}

/**
 * The newest rows of each key, newest first, with these columns: those that have the key in the
 * column. One statement for all keys, which seeks the index on project, column and time once per
 * key and reads no more rows than it gives. A key without rows is left out. Where the keys are not
 * known, and each has one newest event that counts, see `findNewestPerService`.
 */
export function findNewestRows(
  store: Pick<Store, 'query' | 'functions'>,
  wanted: NewestPerKey,
  columns: readonly Column[],
): Promise<ReadonlyMap<string, readonly TimedRow[]>> {
  return findRows(store, wanted, columns, 'desc');
}

/** The same from the other end: the oldest rows of each key, oldest first. */
export function findOldestRows(
  store: Pick<Store, 'query' | 'functions'>,
  wanted: NewestPerKey,
  columns: readonly Column[],
): Promise<ReadonlyMap<string, readonly TimedRow[]>> {
  return findRows(store, wanted, columns, 'asc');
}

async function findRows(
  store: Pick<Store, 'query' | 'functions'>,
  wanted: NewestPerKey,
  columns: readonly Column[],
  direction: 'asc' | 'desc',
): Promise<ReadonlyMap<string, readonly TimedRow[]>> {
  const found = new Map<string, TimedRow[]>();
  if (wanted.keys.length === 0) return found;
  const read = createRowReader(columns);
  for (const stored of await newestPerKeyQuery(store, wanted, columns, direction).execute()) {
    const { [KEY]: key, [TIME]: time } = stored as Record<typeof KEY | typeof TIME, string & number>;
    const row = read(stored);
    const rows = found.get(key);
    const timed = { id: row.id, timestamp: time, row };
    if (rows === undefined) found.set(key, [timed]);
    else rows.push(timed);
  }
  const order = direction === 'desc' ? newestFirst : oldestFirst;
  for (const rows of found.values()) rows.sort(order);
  return found;
}

/** Names in what the statement gives; no column has them. */
const KEY = '$key';
const TIME = '$time';

export function newestPerKeyQuery(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  { projectId, table, column, keys, first }: NewestPerKey,
  columns: readonly Column[] = [],
  direction: 'asc' | 'desc' = 'desc',
) {
  const wanted = functions.parameterTable(
    { key: 'text' },
    keys.map((key) => ({ key })),
  );
  const time = columnOf(table, table.timeColumn);
  return functions
    .joinFirst(query.selectFrom(wanted.as('wanted')), {
      table: table.table,
      alias: 'newest',
      conditions: [
        sql`project_id = ${projectId}`,
        sql`${columnReference(columnOf(table, column))} = wanted.key`,
      ],
      orderBy: sql`${columnReference(time)} ${sql.raw(direction)}, id ${sql.raw(direction)}`,
      limit: first,
    })
    .select([
      ...selectStored(columns, 'newest'),
      columnReference(time, 'newest').as(TIME),
      sql.ref('wanted.key').as(KEY),
    ]);
}

/** The order of lists: ties by id in the same direction. */
export function newestFirst(one: EventKey, other: EventKey): number {
  return other.timestamp - one.timestamp || (one.id < other.id ? 1 : -1);
}

const oldestFirst = (one: EventKey, other: EventKey): number => newestFirst(other, one);
