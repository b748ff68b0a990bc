import { sql } from 'kysely';
import type { SqlFunctions } from '../functions.ts';
import { sqliteInstants } from './instants.ts';
import { search } from './search.ts';

export const sqliteFunctions: SqlFunctions = {
  parameterTable(columns, rows) {
    const names = Object.keys(columns) as (keyof typeof columns)[];
    const values = JSON.stringify(rows.map((row) => names.map((name) => row[name])));
    const selections = names.map((name, index) => sql`value ->> ${sql.lit(index)} as ${sql.ref(name)}`);
    return sql`(select rowid as number, ${sql.join(selections)} from json_each(${values}))`;
  },
  // A cross join is the one join that SQLite does not turn round.
  joinEach: (query, table, alias, conditions) =>
    conditions.reduce(
      (joined, condition) => joined.where(condition),
      query.crossJoin(`${table} as ${alias}`),
    ),
  // SQLite cannot join a subquery that depends on the row beside it, but can look into one.
  joinFirst: (query, { table, alias, conditions, orderBy, limit }) =>
    query.crossJoin(`${table} as ${alias}`).where(
      sql<boolean>`${sql.ref(`${alias}.rowid`)} in (select rowid from ${sql.table(table)}
        where ${sql.join(conditions, sql` and `)} order by ${orderBy} limit ${sql.lit(limit)})`,
    ),
  rowLocation: sql`rowid`,
  isAtLocation: (places) => sql`rowid in ${places}`,
  instants: sqliteInstants,
  instant: (epochMs) => sql`${epochMs}`,
  earlier: (one, other) => sql`min(${one}, ${other})`,
  millisecondsBetween: (from, to) => sql`(${to} - ${from})`,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  startsWith: (text, prefix) => sql`instr(${text}, ${prefix}) = 1`,
  hasElement: (list, text) => sql`exists (select 1 from json_each(${list}) where value = ${text})`,
  // sum() fails when integers overflow 64 bits; total() goes on in doubles then.
  sum: (value) => sql`total(${value})`,
  percentile: (value, p) => sql`percentile_cont(${value}, ${p})`,
  jsonRows: (values) => sql`json_group_array(json_array(${sql.join(values)}))`,
  // group_concat() takes blobs byte by byte, also zero bytes; only its result is called text.
  concatenatedBytes: (bytes) => sql`cast(group_concat(${bytes}, '') as blob)`,
  codePointOrder: (text) => sql`${text}`,
  search,
};
