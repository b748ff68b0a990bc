import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { AnalyticsFunctions } from '../storage/dialect/analytics-functions.ts';
import { whole } from './parameters.ts';
import { selectPieces } from './select-pieces.ts';

/** The SQL of DuckDB. Instants are epoch milliseconds, and text sorts by its bytes of UTF-8. */
export const columnsFunctions: AnalyticsFunctions = {
  selectPieces,
  attribute(json, keys) {
    // JSON pointers, because DuckDB's paths cannot read keys with control characters, and take `*`
    // for any key.
    const pointer = (to: readonly string[]) =>
      sql`cast(${to.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')} as varchar)`;
    const type = sql`json_type(${json}, ${pointer(keys)})`;
    const value = sql`json_extract_string(${json}, ${pointer(keys)})`;
    // A pointer with a number also reads an element of a list.
    const lists = keys.flatMap((key, index) =>
      index > 0 && /^\d+$/.test(key) ? [keys.slice(0, index)] : [],
    );
    const throughObjects = lists.map((to) => sql`json_type(${json}, ${pointer(to)}) = 'OBJECT'`);
    const found = (condition: RawBuilder<unknown>) =>
      sql<SqlBool>`${sql.join([...throughObjects, condition], sql` and `)}`;
    return {
      number: sql`case when ${found(sql`${type} in ('BIGINT', 'UBIGINT', 'DOUBLE')`)} then cast(${value} as double) end`,
      text: sql`case when ${found(sql`${type} = 'VARCHAR'`)} then ${value} end`,
      boolean: sql`case when ${found(sql`${type} = 'BOOLEAN'`)} then cast(${value} as boolean) end`,
      isPresent: found(sql`${type} <> 'NULL'`),
    };
  },
  instant: whole,
  contains: (text, part) => sql`contains(${text}, ${part})`,
  startsWith: (text, prefix) => sql`starts_with(${text}, ${prefix})`,
  hasElement: (list, text) => sql`list_contains(from_json_strict(${list}, '["VARCHAR"]'), ${text})`,
  codePointOrder: (text) => sql`${text}`,
  // As separate conditions. In a row value, a missing value would be greater than all others.
  // Separate conditions also let DuckDB skip blocks whose values are beyond.
  isBeyond(value, direction, position) {
    const beyond = direction === 'asc' ? sql`>` : sql`<`;
    return sql`(${value} ${beyond}= ${position.value}
      and (${value} ${beyond} ${position.value} or id ${beyond} cast(${position.id} as uuid)))`;
  },
  sum: (value) => sql`coalesce(cast(sum(${value}) as double), 0)`,
  // DuckDB sorts the values once for the whole list, and computes equal expressions once.
  percentiles: (value, ps) =>
    ps.map(
      (_, index) =>
        sql`quantile_cont(cast(${value} as double), [${sql.join(ps.map((p) => sql.lit(p)))}])[${sql.lit(index + 1)}]`,
    ),
};
