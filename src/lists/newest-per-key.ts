import { sql } from 'kysely';
import { columnOf, type EntityTable } from '../core/dataset/table.ts';
import { columnReference } from '../filter/where.ts';
import type { Store } from '../storage/store.ts';

/** An event or a record, and its time (epoch milliseconds). */
export interface EventKey {
  readonly id: string;
  readonly timestamp: number;
}

/**
 * The newest rows of each key, newest first: those that have the key in the column. One statement for all keys, which seeks the
 * index on project, column and time once per key and reads no more rows than it gives. A key without rows is left out.
 * Where the keys are not known, and each has one newest event that counts, see `findNewestPerService`.
 */
export async function findNewestPerKey(
  store: Pick<Store, 'query' | 'functions'>,
  wanted: NewestPerKey,
): Promise<ReadonlyMap<string, readonly EventKey[]>> {
  if (wanted.keys.length === 0) return new Map();
  const found = (await newestPerKeyQuery(store, wanted).execute()) as FoundKey[];
  return new Map(
    found.flatMap(({ key, events }) => {
      const list = readEvents(events);
      return list.length > 0 ? [[key, list] as const] : [];
    }),
  );
}

export interface NewestPerKey {
  readonly projectId: string;
  readonly table: EntityTable;
  readonly column: string;
  readonly keys: readonly string[];
  readonly first: number;
}

/** One row per key with its events as JSON: SQLite cannot join a subquery that depends on the row beside it, but can select one. */
export function newestPerKeyQuery(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  { projectId, table, column, keys, first }: NewestPerKey,
) {
  const wanted = functions.parameterTable(
    { key: 'text' },
    keys.map((key) => ({ key })),
  );
  const time = columnReference(columnOf(table, table.timeColumn));
  const events = sql<string | null>`(select ${functions.jsonRows([sql`id`, time])} from (
    select id, ${time} from ${sql.table(table.table)}
    where project_id = ${projectId} and ${columnReference(columnOf(table, column))} = wanted.key
    order by ${time} desc, id desc limit ${sql.lit(first)}) as newest)`;
  return query.selectFrom(wanted.as('wanted')).select(['key', events.as('events')]);
}

interface FoundKey {
  readonly key: string;
  /** Null: PostgreSQL's aggregate of no rows. */
  readonly events: string | null;
}

/** Instants are milliseconds in SQLite's JSON and texts in PostgreSQL's. An aggregate promises no order: they are sorted here. */
function readEvents(json: string | null): EventKey[] {
  const rows = JSON.parse(json ?? '[]') as [string, string | number][];
  return rows.map(([id, instant]) => ({ id, timestamp: new Date(instant).getTime() })).sort(newestFirst);
}

/** The order of lists: ties by id in the same direction. */
export function newestFirst(one: EventKey, other: EventKey): number {
  return other.timestamp - one.timestamp || (one.id < other.id ? 1 : -1);
}
