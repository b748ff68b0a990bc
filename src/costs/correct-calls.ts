import { sql } from 'kysely';
import type { ColumnKind, ColumnValue } from '../core/dataset/column.ts';
import type { Row } from '../core/dataset/row.ts';
import { llmCalls } from '../declarations/llm/llm-calls.ts';
import type { ParameterType } from '../storage/dialect/functions.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import { toRow } from '../storage/to-row.ts';

/** Selects the calls to check next. */
export interface CallsWanted {
  readonly projectId: string;
  readonly provider: string | null;
  readonly model: string | null;
  /** Starts after this call; without an id, at this time. */
  readonly after: { readonly timestamp: number; readonly id: string | null };
  /** Before this time. */
  readonly to: number;
  readonly limit: number;
  /** The approximate number of calls to check, whether they match or not. */
  readonly most: number;
}

/** Some of the matching calls. */
export interface FoundCalls {
  readonly calls: readonly Row[];
  /** The last call that was checked; null if all were. */
  readonly scannedTo: Position | null;
}

/** A call's position in the order of time. */
export interface Position {
  readonly timestamp: number;
  readonly id: string;
}

/**
 * The next calls for which no sender has sent the cost, in the order of time. Calls of a rare model
 * are far apart, so this checks only up to a certain call, to keep each read short.
 */
export async function findCalls(
  store: Pick<Store, 'query' | 'functions'>,
  wanted: CallsWanted,
): Promise<FoundCalls> {
  const last = await lastOf(store.query, store.functions, wanted);
  if (last === null) return { calls: await readCalls(store, wanted), scannedTo: null };
  // All calls of that time are checked: they have no order among themselves.
  return { calls: await readCalls(store, { ...wanted, to: last.timestamp + 1 }), scannedTo: last };
}

/**
 * The last call of the time up to which this many follow; null if fewer do. Reads only the index on
 * time.
 */
async function lastOf(
  query: QueryBuilder,
  functions: Store['functions'],
  { projectId, after, to, most }: CallsWanted,
): Promise<Position | null> {
  const ofProject = query.selectFrom(llmCalls.table).where('project_id', '=', projectId);
  const found = await ofProject
    // More calls than `most` may have the same time, so this must get beyond them.
    .where('timestamp', after.id === null ? '>=' : '>', functions.instant(after.timestamp))
    .where('timestamp', '<', functions.instant(to))
    .select('timestamp')
    .orderBy('timestamp')
    .offset(most)
    .limit(1)
    .executeTakeFirst();
  if (found === undefined) return null;
  const timestamp = Number(found['timestamp']);
  const last = await ofProject
    .where('timestamp', '=', functions.instant(timestamp))
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last === undefined ? null : { timestamp, id: String(last['id']) };
}

async function readCalls(
  { query, functions }: Pick<Store, 'query' | 'functions'>,
  { projectId, provider, model, after, to, limit }: CallsWanted,
): Promise<readonly Row[]> {
  let calls = query
    .selectFrom(llmCalls.table)
    .select(llmCalls.columns.map(({ sqlName }) => sqlName))
    .where('project_id', '=', projectId)
    .where('timestamp', '>=', functions.instant(after.timestamp))
    .where('timestamp', '<', functions.instant(to))
    .where('cost_source', '<>', 'REPORTED');
  if (provider !== null) calls = calls.where('provider', '=', provider);
  if (model !== null) calls = calls.where('model', '=', model);
  if (after.id !== null) {
    const position = sql`(${functions.instant(after.timestamp)}, ${after.id})`;
    calls = calls.where(sql<boolean>`(${sql.ref('timestamp')}, ${sql.ref('id')}) > ${position}`);
  }
  const stored: Record<string, unknown>[] = await calls
    .orderBy('timestamp')
    .orderBy('id')
    .limit(limit)
    .execute();
  return stored.map((row) => toRow(llmCalls, row));
}

/** The parameter types of the corrected columns. */
const TYPES: Partial<Readonly<Record<ColumnKind, ParameterType>>> = { money: 'integer' };

/** The values of corrected columns by their names in the table, and the id. */
export type CorrectedValues = Readonly<Record<string, ColumnValue>>;

/** Writes the values of corrected columns, in a transaction of `exclusively`. */
export async function writeCalls(
  { functions }: Pick<Store, 'functions'>,
  transaction: QueryBuilder,
  { projectId, changed }: { readonly projectId: string; readonly changed: readonly CorrectedValues[] },
): Promise<void> {
  const types = Object.fromEntries(
    llmCalls.corrected.map(({ sqlName, kind }) => [sqlName, TYPES[kind] ?? 'text'] as const),
  );
  const rows = functions.parameterTable(
    { id: 'uuid', ...types },
    changed as readonly Record<string, number | string | null>[],
  );
  const names = sql.join(llmCalls.corrected.map(({ sqlName }) => sql.ref(sqlName)));
  const table = sql.table(llmCalls.table);
  // Not `update … from`: SQLite would read the whole table for each of the rows.
  await sql`with changed as materialized (select * from ${rows} as given)
    update ${table} set (${names}) = (select ${names} from changed where changed.id = ${table}.id)
    where project_id = ${projectId} and id in (select id from changed)`.execute(transaction);
}

/** A range of calls that copies of the events must read again. */
export interface NotedCorrection {
  readonly id: string;
  readonly projectId: string;
  /** Times of the first and the last call, in epoch milliseconds. */
  readonly first: number;
  readonly last: number;
}

/**
 * Records that calls have changed, in the same transaction: the numbers have the order of the
 * commits.
 */
export async function noteCorrection(
  transaction: QueryBuilder,
  { id, projectId, first, last }: NotedCorrection,
): Promise<void> {
  await transaction
    .insertInto('row_corrections')
    .values({ id, project_id: projectId, dataset: llmCalls.name, first, last })
    .execute();
}
