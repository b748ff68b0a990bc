import { sql } from 'kysely';
import { namesOf } from '../../../core/named.ts';
import { rowValueIsBeyond } from '../analytics-functions.ts';
import { keysOf, ofWanted } from '../first-of-each.ts';
import type { RowLocation, SqlFunctions } from '../functions.ts';
import { hasNoRows } from '../has-no-rows.ts';
import { joinPieces } from '../join-pieces.ts';
import { KEY_OF_CELLS, TABLE_OF_CELLS } from './cells.ts';
import { sqliteInstants } from './instants.ts';
import { search } from './search.ts';

const ROWID = ['rowid'] as const;
/** The key of a table without row numbers. */
const KEYS: ReadonlyMap<string, readonly string[]> = new Map([[TABLE_OF_CELLS, KEY_OF_CELLS]]);

/** The columns that locate a row. */
const keyColumnsOf = (table: string): readonly string[] => KEYS.get(table) ?? ROWID;
const qualified = (table: string) => keyColumnsOf(table).map((name) => sql.ref(`${table}.${name}`));

/** Names that no column of a table has. */
const asLocation = (_: unknown, index: number): string => `location${index}`;
const locationOf = (table: string): RowLocation => {
  const names = keyColumnsOf(table).map(asLocation);
  return {
    columns: keyColumnsOf(table).map((name, index) => sql.ref(name).as(asLocation(name, index))),
    names,
  };
};

export const sqliteFunctions: SqlFunctions = {
  parameterTable(columns, rows) {
    const names = namesOf(columns);
    const values = JSON.stringify(rows.map((row) => names.map((name) => row[name])));
    const selections = names.map((name, index) => sql`value ->> ${sql.lit(index)} as ${sql.ref(name)}`);
    return sql`(select rowid as number, ${sql.join(selections)} from json_each(${values}))`;
  },
  // SQLite does not reorder a cross join.
  joinEach: (query, table, alias, conditions) =>
    conditions.reduce(
      (joined, condition) => joined.where(condition),
      query.crossJoin(`${table} as ${alias}`),
    ),
  selectPieces: (query, rows) => joinPieces(sqliteFunctions, query, rows),
  // SQLite cannot join a subquery that depends on the other row, but can use such a subquery in a
  // condition.
  firstOfEach: (query, { table, alias, orderBy, limit, ...rows }) =>
    query
      .selectFrom(keysOf(sqliteFunctions, rows).as('wanted'))
      .crossJoin(`${table} as ${alias}`)
      .where(
        sql<boolean>`${sql.ref(`${alias}.rowid`)} in (select rowid from ${sql.table(table)}
        where ${ofWanted(rows)} order by ${orderBy} limit ${sql.lit(limit)})`,
      ),
  columnsOfTables: sql`select tables.name as table_name, columns.name as column_name
    from sqlite_schema as tables, pragma_table_info(tables.name) as columns where tables.type = 'table'`,
  storedColumns: sql`select tables.name as table_name, columns.name as column_name, columns.type as type,
      columns.pk as key_position
    from sqlite_schema as tables, pragma_table_info(tables.name) as columns
    where tables.type = 'table' and tables.sql not like 'create virtual table%'
    order by tables.name, columns.cid`,
  parameterOf(kind, value) {
    if (value === null) return null;
    if (kind === 'boolean') return value === true ? 1 : 0;
    if (kind === 'json') return JSON.stringify(value);
    return kind === 'bytes' ? Buffer.from(String(value), 'base64') : value;
  },
  arrival: sql`rowid`,
  arrivalsOf: ({ table }) => sql`(select coalesce(max(rowid), 0) from ${sql.table(table)})`,
  // Without an index, SQLite finds the rows by their numbers.
  arrivedAfter: ({ table }, arrivals) =>
    sql`(select * from ${sql.table(table)} not indexed where rowid > ${Number(arrivals)})`,
  arrivedWithin({ table }, ranges, limit) {
    const [range = { after: 0, upTo: 0 }] = ranges;
    return sql`(select *, rowid as arrived from ${sql.table(table)} not indexed
      where rowid > ${range.after} and rowid <= ${range.upTo} order by rowid limit ${limit})`;
  },
  appending: null,
  databaseBytes: sql`(select page_count * page_size from pragma_page_count(), pragma_page_size())`,
  cellSums: 'DENSE',
  hasNoRows,
  isSpread: false,
  readFirst: (query) => query,
  locationIn: locationOf,
  removeAt: (query, table, locations) =>
    query.deleteFrom(table).where(sql<boolean>`(${sql.join(qualified(table))}) in ${locations}`),
  removeEach: (query, rows, table, conditions) =>
    sqliteFunctions.removeAt(
      query,
      table,
      sqliteFunctions
        .joinEach(rows, table, table, conditions)
        .select(qualified(table).map((column, index) => column.as(asLocation(column, index)))),
    ),
  instants: sqliteInstants,
  attribute(json, keys) {
    const path = `$${keys.map((key) => `.${JSON.stringify(key)}`).join('')}`;
    const type = sql`json_type(${json}, ${path})`;
    const value = sql`${json} ->> ${path}`;
    return {
      number: sql`case when ${type} in ('integer', 'real') then cast(${value} as real) end`,
      text: sql`case when ${type} = 'text' then ${value} end`,
      boolean: sql`case ${type} when 'true' then true when 'false' then false end`,
      isPresent: sql`${type} <> 'null'`,
    };
  },
  instant: (epochMs) => sql`${epochMs}`,
  earlier: (one, other) => sql`min(${one}, ${other})`,
  millisecondsBetween: (from, to) => sql`(${to} - ${from})`,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  startsWith: (text, prefix) => sql`instr(${text}, ${prefix}) = 1`,
  hasElement: (list, text) => sql`exists (select 1 from json_each(${list}) where value = ${text})`,
  // sum() fails if integers overflow 64 bits. total() uses doubles, so it does not.
  sum: (value) => sql`total(${value})`,
  percentiles: (value, ps) => ps.map((p) => sql`percentile_cont(${value}, ${p})`),
  jsonRows: (values) => sql`json_group_array(json_array(${sql.join(values)}))`,
  // group_concat() copies blobs byte by byte, zero bytes included. Only the type of its result is
  // text.
  concatenatedBytes: (bytes) => sql`cast(group_concat(${bytes}, '') as blob)`,
  isBeyond: rowValueIsBeyond,
  codePointOrder: (text) => sql`${text}`,
  search,
};
