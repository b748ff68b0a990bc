import { sql } from 'kysely';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { columnOf } from '../../core/dataset/table.ts';
import { columnReference } from '../../query/where.ts';
import type { Store } from '../../storage/store.ts';
import type { Context } from '../context.ts';

/** An event, and when it happened (epoch milliseconds). */
export interface EventKey {
  readonly id: string;
  readonly timestamp: number;
}

/**
 * The newest events of each key, newest first: those that have the key in the column. One statement for all keys, which seeks the
 * index on project, column and timestamp once per key and reads no more rows than it gives. A key without events is left out.
 * Where the keys are not known, and each has one newest event that counts, see `findNewestPerService`.
 */
export async function findNewestPerKey(
  { services, projectId }: Context,
  dataset: Dataset,
  column: string,
  keys: readonly string[],
  first: number,
): Promise<ReadonlyMap<string, readonly EventKey[]>> {
  if (keys.length === 0) return new Map();
  const wanted = { projectId, dataset, column, keys, first };
  const found = (await newestPerKeyQuery(services.store, wanted).execute()) as FoundKey[];
  return new Map(
    found.flatMap(({ key, events }) => {
      const list = readEvents(events);
      return list.length > 0 ? [[key, list] as const] : [];
    }),
  );
}

export interface NewestPerKey {
  readonly projectId: string;
  readonly dataset: Dataset;
  readonly column: string;
  readonly keys: readonly string[];
  readonly first: number;
}

/** One row per key with its events as JSON: SQLite cannot join a subquery that depends on the row beside it, but can select one. */
export function newestPerKeyQuery(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  { projectId, dataset, column, keys, first }: NewestPerKey,
) {
  const wanted = functions.parameterTable(
    { key: 'text' },
    keys.map((key) => ({ key })),
  );
  const events = sql<string | null>`(select ${functions.jsonRows([sql`id`, sql`timestamp`])} from (
    select id, timestamp from ${sql.table(dataset.table)}
    where project_id = ${projectId} and ${columnReference(columnOf(dataset, column))} = wanted.key
    order by timestamp desc, id desc limit ${sql.lit(first)}) as newest)`;
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
