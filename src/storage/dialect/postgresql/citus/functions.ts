import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { DynamicSelect, RowsOfPieces, SelectFrom } from '../../analytics-functions.ts';
import { keysOf } from '../../first-of-each.ts';
import type { FirstRows, SqlFunctions } from '../../functions.ts';
import { PIECE_NUMBER } from '../../join-pieces.ts';
import { postgresqlFunctions } from '../functions.ts';
import { appending, arrivalsOf, arrivedAfter, arrivedWithin } from './arrivals.ts';
import { keyOf } from './layout.ts';
import { bytesOfNodes } from './shard-sizes.ts';

/** Beyond this number, pieces of time are not named one by one. */
const MAX_NAMED = 100;

/**
 * The SQL of a database whose tables Citus has spread over several nodes. Citus evaluates
 * everything without a spread table first, and sends the resulting rows to every node, where they
 * are joined with the shards. It refuses a limit within such a join, and anything that identifies a
 * row by its location.
 *
 * @param spread the tables that are spread; the statements about others are those of PostgreSQL
 */
export function createCitusFunctions(spread: ReadonlySet<string>): SqlFunctions {
  const functions: SqlFunctions = {
    ...postgresqlFunctions,
    joinEach(query, table, alias, conditions, implied) {
      if (!spread.has(table)) return postgresqlFunctions.joinEach(query, table, alias, conditions);
      const all = implied ? [...conditions, implied] : conditions;
      return query.innerJoin(tableAs(table, alias), (join) =>
        join.on(sql<SqlBool>`${sql.join(all, sql` and `)}`),
      );
    },
    selectPieces(query, rows) {
      const { table, alias, projectId, pieces, conditions } = rows;
      const timestamp = sql.ref(`${alias}.timestamp`);
      const ranges = functions.parameterTable<'from' | 'to'>({ from: 'instant', to: 'instant' }, pieces);
      const all = [
        sql<SqlBool>`${sql.ref(`${alias}.project_id`)} = ${projectId}`,
        sql<SqlBool>`${timestamp} >= ${sql.ref('piece.from')}`,
        sql<SqlBool>`${timestamp} < ${sql.ref('piece.to')}`,
        ...conditions,
      ];
      const from = query.selectFrom(ranges.as('piece'));
      const joined = functions.joinEach(from, table, alias, all, withinPieces(timestamp, pieces));
      return { rows: joined, number: PIECE_NUMBER };
    },
    arrivalsOf: (dataset) =>
      spread.has(dataset.table) ? arrivalsOf(dataset) : postgresqlFunctions.arrivalsOf(dataset),
    arrivedAfter: (dataset, arrivals) =>
      spread.has(dataset.table)
        ? arrivedAfter(dataset, arrivals)
        : postgresqlFunctions.arrivedAfter(dataset, arrivals),
    arrivedWithin: (dataset, ranges, limit) =>
      spread.has(dataset.table)
        ? arrivedWithin(dataset, ranges, limit)
        : postgresqlFunctions.arrivedWithin(dataset, ranges, limit),
    appending,
    firstOfEach: (query, rows) =>
      spread.has(rows.table)
        ? firstOfEach(functions, query, rows)
        : postgresqlFunctions.firstOfEach(query, rows),
    hasNoRows: (state, rows) =>
      spread.has(rows.table) ? hasNoRows(state, rows) : postgresqlFunctions.hasNoRows(state, rows),
    databaseBytes: bytesOfNodes,
    isSpread: true,
    // Citus evaluates a subquery with an offset separately.
    readFirst: (query) => query.offset(sql.lit(0)),
    locationIn(table) {
      if (!spread.has(table)) return postgresqlFunctions.locationIn(table);
      const names = keyOf(table);
      return { names, columns: names.map((name) => sql.ref(name).as(name)) };
    },
    removeAt(query, table, locations) {
      if (!spread.has(table)) return postgresqlFunctions.removeAt(query, table, locations);
      const same = keyOf(table).map(
        (name) => sql`${sql.ref(`${table}.${name}`)} = ${sql.ref(`gone.${name}`)}`,
      );
      return query
        .with('gone', () => locations)
        .deleteFrom(table)
        .using('gone')
        .where(sql<boolean>`${sql.join(same, sql` and `)}`);
    },
    removeEach(query, rows, table, conditions) {
      if (!spread.has(table)) return postgresqlFunctions.removeEach(query, rows, table, conditions);
      return query
        .with('wanted', () => rows.selectAll())
        .deleteFrom(table)
        .using('wanted')
        .where(sql<boolean>`${sql.join(conditions, sql` and `)}`);
    },
  };
  return functions;
}

const tableAs = (table: string, alias: string) => sql<Record<string, unknown>>`${sql.table(table)}`.as(alias);

/** Reads the keys of the candidate states first, and then which of them have rows on the nodes. */
const hasNoRows: SqlFunctions['hasNoRows'] = ({ table, key, among }, rows) =>
  sql`(${sql.ref(`${table}.project_id`)}, ${sql.ref(`${table}.${key}`)}) not in (
    select candidate.project_id, candidate.key
    from (select project_id, ${sql.ref(key)} as key from ${sql.table(table)} where ${among} offset 0) as candidate
    join ${sql.table(rows.table)} as event
      on event.project_id = candidate.project_id and ${sql.ref(`event.${rows.key}`)} = candidate.key)`;

/** A condition on time, which lets each node choose its index by what it knows. */
function withinPieces(timestamp: RawBuilder<unknown>, pieces: RowsOfPieces['pieces']): RawBuilder<SqlBool> {
  const { instant } = postgresqlFunctions;
  const within = (from: number, to: number) =>
    sql<SqlBool>`(${timestamp} >= ${instant(from)} and ${timestamp} < ${instant(to)})`;
  if (pieces.length > MAX_NAMED) return within(pieces[0]?.from ?? 0, pieces.at(-1)?.to ?? 0);
  return sql`(${sql.join(
    pieces.map(({ from, to }) => within(from, to)),
    sql` or `,
  )})`;
}

/** Ranks the rows of each key by their ids alone, and then fetches the first ones. */
function firstOfEach(
  functions: SqlFunctions,
  query: SelectFrom,
  { table, alias, column, keys, conditions, orderBy, limit }: FirstRows,
): DynamicSelect {
  const wanted = keysOf(functions, { keys });
  const ranked = sql`select project_id, id, ${column} as key,
      row_number() over (partition by ${column} order by ${orderBy}) as rank
    from ${sql.table(table)} where ${sql.join([sql`${column} = any(${keys})`, ...conditions], sql` and `)}`;
  const first = sql<Record<string, unknown>>`(select project_id, id, key from (${ranked}) as ranked
    where rank <= ${sql.lit(limit)} offset 0)`;
  return query
    .selectFrom(wanted.as('wanted'))
    .innerJoin(first.as('first'), 'first.key', 'wanted.key')
    .innerJoin(tableAs(table, alias), (join) =>
      join.on(
        sql<SqlBool>`${sql.ref(`${alias}.project_id`)} = first.project_id and ${sql.ref(`${alias}.id`)} = first.id`,
      ),
    );
}
