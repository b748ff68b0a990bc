import { type SqlBool, sql } from 'kysely';
import { columnOf } from '../core/dataset/table.ts';
import type { Interval } from '../core/time/range.ts';
import { columnReference, whereFilter } from '../filter/where.ts';
import type { SqlContext } from './read-context.ts';
import type { Ends, Scope, WantedEnds } from './spec.ts';

/**
 * Which keys to find the first and last row of. `column` is a text column that is indexed together
 * with the timestamp; `filter` restricts the rows.
 */
export interface EndsQuestion extends Omit<Scope, 'range'> {
  readonly column: string;
  readonly wanted: readonly WantedEnds[];
}

/** A result row; the databases return instants as Date or as milliseconds. */
interface EndsRow {
  readonly key: string;
  readonly first_at: Date | number | null;
  readonly last_at: Date | number | null;
  readonly last_id: string | null;
}

const EVENT = 'event';
const NOWHERE: Interval = { from: 0, to: 0 };

/**
 * The first and last row of each key.
 *
 * @param since the instant from which rows are complete; a stretch that begins before it is not
 *   searched.
 */
export async function readEnds(
  context: SqlContext,
  question: EndsQuestion,
  since: number,
): Promise<ReadonlyMap<string, Ends>> {
  const kept = (stretch: Interval): Interval => (stretch.from < since ? NOWHERE : stretch);
  const wanted = question.wanted
    .filter(({ last }) => last.to > since)
    .map(({ key, first, last }) => ({ key, first: kept(first), last: kept(last) }));
  if (wanted.length === 0) return new Map();
  const toQuery = context.functions.isSpread ? spreadEndsQuery : endsQuery;
  const rows = (await toQuery(context, { ...question, wanted }).execute()) as EndsRow[];
  const nowhere = wanted.map(({ key }) => [key, { firstAt: null, last: null }] as const);
  return new Map([...nowhere, ...rows.map((row) => [row.key, endsOf(row)] as const)]);
}

function endsOf(row: EndsRow): Ends {
  const { first_at: firstAt, last_at: lastAt, last_id: id } = row;
  const last = id === null || lastAt === null ? null : { id, timestamp: instantOf(lastAt) };
  return { firstAt: firstAt === null ? null : instantOf(firstAt), last };
}

const instantOf = (value: Date | number): number => new Date(value).getTime();

const wantedTable = (functions: SqlContext['functions'], wanted: readonly WantedEnds[]) =>
  functions.parameterTable(
    { key: 'text', first_from: 'instant', first_to: 'instant', last_from: 'instant', last_to: 'instant' },
    wanted.map(({ key, first, last }) => ({
      key,
      first_from: first.from,
      first_to: first.to,
      last_from: last.from,
      last_to: last.to,
    })),
  );

/**
 * One row per key. Each end is a separate index seek: an aggregate would read the whole stretch.
 */
export function endsQuery(
  { query, functions }: SqlContext,
  { dataset, projectId, filter, column, wanted }: EndsQuestion,
) {
  const table = wantedTable(functions, wanted);
  const [key, timestamp, id] = [
    columnReference(columnOf(dataset, column), EVENT),
    sql.ref(`${EVENT}.timestamp`),
    sql.ref(`${EVENT}.id`),
  ];
  const filtered =
    filter === null ? sql`` : sql`and ${whereFilter({ functions, alias: EVENT }, dataset, filter)}`;
  // Row values make both databases use the index. With one condition per column, SQLite sometimes
  // reads all keys of the stretch instead.
  const at = (instant: string) => sql`(${sql.ref('wanted.key')}, ${sql.ref(`wanted.${instant}`)})`;
  const rows = (end: 'first' | 'last') =>
    sql`from ${sql.table(dataset.table)} as ${sql.ref(EVENT)} where ${sql.ref(`${EVENT}.project_id`)} = ${projectId}
      and (${key}, ${timestamp}) >= ${at(`${end}_from`)} and (${key}, ${timestamp}) < ${at(`${end}_to`)} ${filtered}`;
  const first = sql`${rows('first')} order by ${key}, ${timestamp} limit 1`;
  const last = sql`${rows('last')} order by ${key} desc, ${timestamp} desc, ${id} desc limit 1`;
  return query
    .selectFrom(table.as('wanted'))
    .select([
      'key',
      sql`(select ${timestamp} ${first})`.as('first_at'),
      sql`(select ${timestamp} ${last})`.as('last_at'),
      sql`(select ${id} ${last})`.as('last_id'),
    ]);
}

/** Milliseconds are padded to this many digits, so that their texts sort like the numbers. */
const DIGITS = 16;

/**
 * The same for a table that is spread over servers, where no row can be sought: each server
 * aggregates its rows of both stretches. The last row is the one with the greatest text of time and
 * id.
 */
function spreadEndsQuery(
  { query, functions }: SqlContext,
  { dataset, projectId, filter, column, wanted }: EndsQuestion,
) {
  const [timestamp, id] = [sql.ref(`${EVENT}.timestamp`), sql.ref(`${EVENT}.id`)];
  const within = (end: 'first' | 'last') =>
    sql<SqlBool>`(${timestamp} >= ${sql.ref(`wanted.${end}_from`)} and ${timestamp} < ${sql.ref(`wanted.${end}_to`)})`;
  const milliseconds = sql`cast(cast(extract(epoch from ${timestamp}) * 1000 as int8) as text)`;
  const last = sql`max((lpad(${milliseconds}, ${sql.lit(DIGITS)}, '0') || cast(${id} as text)) collate "C")
    filter (where ${within('last')})`;
  return functions
    .joinEach(query.selectFrom(wantedTable(functions, wanted).as('wanted')), dataset.table, EVENT, [
      sql`${sql.ref(`${EVENT}.project_id`)} = ${projectId}`,
      sql`${columnReference(columnOf(dataset, column), EVENT)} = ${sql.ref('wanted.key')}`,
      sql`(${within('first')} or ${within('last')})`,
      ...(filter === null ? [] : [whereFilter({ functions, alias: EVENT }, dataset, filter)]),
    ])
    .groupBy('wanted.key')
    .select([
      'wanted.key',
      sql`min(${timestamp}) filter (where ${within('first')})`.as('first_at'),
      sql`max(${timestamp}) filter (where ${within('last')})`.as('last_at'),
      sql`substr(${last}, ${sql.lit(DIGITS + 1)})`.as('last_id'),
    ]);
}
