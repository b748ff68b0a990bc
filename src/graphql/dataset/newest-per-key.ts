import { type RawBuilder, sql } from 'kysely';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { columnOf } from '../../core/dataset/table.ts';
import { columnReference } from '../../query/where.ts';
import type { Context } from '../context.ts';

/** An event, and when it happened (epoch milliseconds). */
export interface EventKey {
  readonly id: string;
  readonly timestamp: number;
}

/**
 * The newest events of each key, newest first: those that have the key in the column. One statement for all keys, which seeks the
 * index on project, column and timestamp once per key and reads no more rows than it gives. A key without events is left out.
 */
export async function findNewestPerKey(
  { services, projectId }: Context,
  dataset: Dataset,
  column: string,
  keys: readonly string[],
  first: number,
): Promise<ReadonlyMap<string, readonly EventKey[]>> {
  if (keys.length === 0) return new Map();
  const { query, functions } = services.store;
  const rows = keys.map((key) => ({ key }));
  const newest = sql`(select id, timestamp from ${sql.table(dataset.table)}
    where project_id = ${projectId} and ${columnReference(columnOf(dataset, column))} = wanted.key
    order by timestamp desc, id desc limit ${sql.lit(first)}) as newest`;
  const found = await query
    .selectFrom(functions.parameterTable({ key: 'text' }, rows).as('wanted'))
    .select(['key', asEvents(functions.jsonRows([sql`id`, sql`timestamp`]), newest).as('events')])
    .execute();
  return new Map(
    (found as FoundKey[]).flatMap(({ key, events }) => {
      const list = readEvents(events);
      return list.length > 0 ? [[key, list] as const] : [];
    }),
  );
}

interface FoundKey {
  readonly key: string;
  /** Null: PostgreSQL's aggregate of no rows. */
  readonly events: string | null;
}

/** A correlated subquery: one JSON text a key, for SQLite joins no subquery that depends on the row beside it. */
function asEvents(jsonRows: RawBuilder<string>, newest: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql`(select ${jsonRows} from ${newest})`;
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
