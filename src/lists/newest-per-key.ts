import { type RawBuilder, sql } from 'kysely';
import type { Column } from '../core/dataset/column.ts';
import { columnOf, type EntityTable } from '../core/dataset/table.ts';
import type { Filter } from '../core/filter.ts';
import { columnReference, whereFilter } from '../filter/where.ts';
import type { Store } from '../storage/store.ts';
import { createRowReader, type StoredRow, selectStored } from './stored-rows.ts';

/** An event or a state, and its time (epoch milliseconds). */
export interface EventKey {
  readonly id: string;
  readonly timestamp: number;
}

/** A row and its time (epoch milliseconds). */
export interface TimedRow extends EventKey {
  /** Has the columns that were asked for. */
  readonly row: StoredRow;
}

export interface NewestPerKey {
  readonly projectId: string;
  readonly table: EntityTable;
  readonly column: string;
  readonly keys: readonly string[];
  readonly first: number;
  /** Only rows that it matches. Absent or null: all. */
  readonly filter?: Filter | null;
}

/** Like `findNewestRows`, but returns keys without columns. */
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
 * Finds the newest rows of each key, newest first, with these columns. A row belongs to a key if it
 * has the key in the column. One statement finds the rows of all keys. It seeks in the index on
 * project, column and time once per key, and reads no more rows than it returns. Keys without rows
 * are omitted. If the keys are unknown and only the newest event of each is wanted, use
 * `findNewestPerService`.
 */
export async function findNewestRows(
  store: Pick<Store, 'query' | 'functions'>,
  wanted: NewestPerKey,
  columns: readonly Column[],
): Promise<ReadonlyMap<string, readonly TimedRow[]>> {
  if (wanted.keys.length === 0) return new Map();
  const rows = await newestPerKeyQuery(store, wanted, columns).execute();
  return groupByKey(rows, columns, newestFirst);
}

/**
 * Finds the oldest rows of each key, oldest first. It is for keys with few rows, because it reads
 * all rows of a key. The index that it uses need not include the time.
 */
export async function findOldestRows(
  store: Pick<Store, 'query' | 'functions'>,
  wanted: NewestPerKey,
  columns: readonly Column[],
): Promise<ReadonlyMap<string, readonly TimedRow[]>> {
  if (wanted.keys.length === 0) return new Map();
  const rows = await oldestPerKeyQuery(store, wanted, columns).execute();
  return groupByKey(rows, columns, oldestFirst);
}

function groupByKey(
  stored: readonly Record<string, unknown>[],
  columns: readonly Column[],
  order: typeof newestFirst,
): ReadonlyMap<string, readonly TimedRow[]> {
  const read = createRowReader(columns);
  const found = new Map<string, TimedRow[]>();
  for (const one of stored) {
    const [key, timestamp] = [String(one[KEY]), Number(one[TIME])];
    const row = read(one);
    const timed = { id: row.id, timestamp, row };
    const rows = found.get(key);
    if (rows === undefined) found.set(key, [timed]);
    else rows.push(timed);
  }
  for (const rows of found.values()) rows.sort(order);
  return found;
}

/** Names in the result of the statement. No column has these names. */
const KEY = '$key';
const TIME = '$time';

export function newestPerKeyQuery(
  store: Pick<Store, 'query' | 'functions'>,
  wanted: NewestPerKey,
  columns: readonly Column[] = [],
) {
  const time = columnReference(columnOf(wanted.table, wanted.table.timeColumn));
  return firstPerKeyQuery(store, wanted, { columns, orderBy: sql`${time} desc, id desc` });
}

/**
 * Sorts by an expression that no index has. Otherwise PostgreSQL may, for each key with few rows,
 * scan the whole project in the order of time.
 */
export function oldestPerKeyQuery(
  store: Pick<Store, 'query' | 'functions'>,
  wanted: NewestPerKey,
  columns: readonly Column[] = [],
) {
  const time = columnReference(columnOf(wanted.table, wanted.table.timeColumn));
  const unindexed = store.functions.earlier(time, time);
  return firstPerKeyQuery(store, wanted, { columns, orderBy: sql`${unindexed} asc, id asc` });
}

function firstPerKeyQuery(
  store: Pick<Store, 'query' | 'functions'>,
  { projectId, table, column, keys, first, filter = null }: NewestPerKey,
  { columns, orderBy }: { readonly columns: readonly Column[]; readonly orderBy: RawBuilder<unknown> },
) {
  return store.functions
    .firstOfEach(store.query, {
      table: table.table,
      alias: 'found',
      column: columnReference(columnOf(table, column)),
      keys,
      conditions: [
        sql`project_id = ${projectId}`,
        ...(filter === null ? [] : [whereFilter(store, table, filter)]),
      ],
      orderBy,
      limit: first,
    })
    .select([
      ...selectStored(columns, 'found'),
      columnReference(columnOf(table, table.timeColumn), 'found').as(TIME),
      sql.ref('wanted.key').as(KEY),
    ]);
}

/** Compares in the order of lists: newest first, ties by id in the same direction. */
export function newestFirst(one: EventKey, other: EventKey): number {
  return other.timestamp - one.timestamp || (one.id < other.id ? 1 : -1);
}

const oldestFirst = (one: EventKey, other: EventKey): number => newestFirst(other, one);
