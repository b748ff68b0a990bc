import { sql } from 'kysely';
import { namesOf } from '../../../core/named.ts';
import { rowValueIsBeyond } from '../analytics-functions.ts';
import { keysOf, ofWanted } from '../first-of-each.ts';
import type { ParameterType, RowLocation, SqlFunctions } from '../functions.ts';
import { hasNoRows } from '../has-no-rows.ts';
import { joinPieces } from '../join-pieces.ts';
import { NUMBERS_PER_SLOT } from './arrivals.ts';
import { postgresqlInstants } from './instants.ts';
import { search } from './search.ts';

const ARRAY_TYPES: Readonly<Record<ParameterType, string>> = {
  integer: 'bigint[]',
  instant: 'timestamptz[]',
  text: 'text[]',
  uuid: 'uuid[]',
};

export const postgresqlFunctions: SqlFunctions = {
  parameterTable(columns, rows) {
    const names = namesOf(columns);
    const arrays = names.map((name) => {
      const values = rows.map((row) => (columns[name] === 'instant' ? toTimestamp(row[name]) : row[name]));
      return sql`cast(${values} as ${sql.raw(ARRAY_TYPES[columns[name]])})`;
    });
    const list = sql.join(names.map((name) => sql.ref(name)));
    return sql`(select ordinality - 1 as number, ${list} from unnest(${sql.join(arrays)}) with ordinality as parameter(${list}))`;
  },
  // The offset prevents the planner from merging the subquery into the join, which would make it
  // scan the whole table.
  joinEach: (query, table, alias, conditions) =>
    query.crossJoinLateral(
      sql<
        Record<string, unknown>
      >`(select * from ${sql.table(table)} as ${sql.ref(alias)} where ${sql.join(conditions, sql` and `)} offset 0)`.as(
        alias,
      ),
    ),
  selectPieces: (query, rows) => joinPieces(postgresqlFunctions, query, rows),
  firstOfEach: (query, { table, alias, orderBy, limit, ...rows }) =>
    query
      .selectFrom(keysOf(postgresqlFunctions, rows).as('wanted'))
      .crossJoinLateral(
        sql<
          Record<string, unknown>
        >`(select * from ${sql.table(table)} where ${ofWanted(rows)} order by ${orderBy} limit ${sql.lit(limit)})`.as(
          alias,
        ),
      ),
  columnsOfTables: sql`select table_name, column_name
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = current_schema() and table_type = 'BASE TABLE'`,
  storedColumns: sql`select c.relname as table_name, a.attname as column_name,
      format_type(a.atttypid, a.atttypmod) as type, coalesce(array_position(i.indkey, a.attnum), -1) + 1 as key_position
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by c.relname, a.attnum`,
  parameterOf(kind, value) {
    if (value === null) return null;
    if (kind === 'instant') return new Date(Number(value)).toISOString();
    if (kind === 'json') return JSON.stringify(value);
    return kind === 'bytes' ? Buffer.from(String(value), 'base64') : value;
  },
  arrival: sql`arrival`,
  arrivalsOf: ({ name, table }) =>
    sql`(select coalesce(json_object_agg(writer, (select max(arrival) from ${sql.table(table)}
        where arrival > ${FIRST_OF_WRITER} and arrival < ${FIRST_OF_NEXT})), '{}')
      from arrivals where dataset = ${name})`,
  arrivedAfter: ({ name, table }, arrivals) => {
    const last = sql`cast(cast(${arrivals} as json) ->> cast(arrivals.writer as text) as int8)`;
    return sql`(select event.* from arrivals cross join lateral (select * from ${sql.table(table)}
        where arrival > coalesce(${last}, ${FIRST_OF_WRITER}) and arrival < ${FIRST_OF_NEXT} offset 0) as event
      where arrivals.dataset = ${name})`;
  },
  arrivedWithin: ({ table }, ranges, limit) => {
    const [after, upTo] = [ranges.map((range) => range.after), ranges.map((range) => range.upTo)];
    return sql`(select event.*, event.arrival as arrived
      from unnest(cast(${after} as int8[]), cast(${upTo} as int8[])) as given (after, up_to)
      cross join lateral (select * from ${sql.table(table)} where arrival > given.after and arrival <= given.up_to
        order by arrival fetch first ${sql.lit(limit)} rows with ties) as event)`;
  },
  appending: null,
  databaseBytes: sql`pg_database_size(current_database())`,
  // An instance of the previous version can read nothing else, and may run beside this one.
  cellSums: 'DOUBLES',
  hasNoRows,
  isSpread: false,
  readFirst: (query) => query,
  locationIn: () => CTID,
  removeAt: (query, table, locations) =>
    query.deleteFrom(table).where(sql<boolean>`ctid = any(array${locations})`),
  removeEach(query, rows, table, conditions) {
    const found = sql<{ location: unknown }>`(select ctid as location from ${sql.table(table)}
      where ${sql.join(conditions, sql` and `)} offset 0)`;
    const locations = rows.crossJoinLateral(found.as('found')).select('found.location');
    return postgresqlFunctions.removeAt(query, table, locations);
  },
  instants: postgresqlInstants,
  attribute(json, keys) {
    // With an integer, the operator would read an element of a list. A text always names a key.
    const value = keys.reduce((inner, key) => sql`${inner} -> cast(${key} as text)`, sql`${json}`);
    const isOf = (type: string) => sql`jsonb_typeof(${value}) = ${sql.lit(type)}`;
    return {
      number: sql`case when ${isOf('number')} then cast(${value} as double precision) end`,
      text: sql`case when ${isOf('string')} then (${value}) #>> '{}' end collate "C"`,
      boolean: sql`case when ${isOf('boolean')} then cast(${value} as boolean) end`,
      isPresent: sql`jsonb_typeof(${value}) <> 'null'`,
    };
  },
  instant: (epochMs) => sql`cast(${toTimestamp(epochMs)} as timestamptz)`,
  earlier: (one, other) => sql`least(${one}, ${other})`,
  millisecondsBetween: (from, to) =>
    sql`cast(extract(epoch from (${to} - ${from})) * 1000 as double precision)`,
  contains: (text, part) => sql`strpos(${text}, ${part}) > 0`,
  startsWith: (text, prefix) => sql`starts_with(${text}, ${prefix})`,
  // The containment operator can use a GIN index, if a table ever needs one.
  hasElement: (list, text) => sql`${list} @> jsonb_build_array(cast(${text} as text))`,
  sum: (value) => sql`coalesce(cast(sum(${value}) as double precision), 0)`,
  percentiles: (value, ps) =>
    ps.map((p) => sql`percentile_cont(${p}) within group (order by cast(${value} as double precision))`),
  jsonRows: (values) => sql`cast(json_agg(json_build_array(${sql.join(values)})) as text)`,
  concatenatedBytes: (bytes) => sql`string_agg(${bytes}, cast('' as bytea))`,
  isBeyond: rowValueIsBeyond,
  codePointOrder: (text) => sql`${text} collate "C"`,
  search,
};

const CTID: RowLocation = { columns: [sql`ctid`.as('location')], names: ['location'] };

/** Where the numbers of a writer in the table `arrivals` begin, and those of the next writer. */
export const FIRST_OF_WRITER = sql`arrivals.writer * ${sql.lit(NUMBERS_PER_SLOT)}`;
export const FIRST_OF_NEXT = sql`(arrivals.writer + 1) * ${sql.lit(NUMBERS_PER_SLOT)}`;

/**
 * Beyond these years PostgreSQL does not accept the text form of instants. No event is that old or
 * that far in the future.
 */
const YEAR_1 = Date.parse('0001-01-01T00:00:00Z');
const YEAR_10000 = Date.parse('+010000-01-01T00:00:00Z');

const toTimestamp = (epochMs: number | string | null): string | null =>
  epochMs === null
    ? null
    : new Date(Math.min(Math.max(Number(epochMs), YEAR_1), YEAR_10000 - 1)).toISOString();
