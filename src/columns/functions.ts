import { sql } from 'kysely';
import type { AnalyticsFunctions } from '../storage/dialect/analytics-functions.ts';
import { whole } from './parameters.ts';
import { selectPieces } from './select-pieces.ts';

/** The SQL of DuckDB. Instants are epoch milliseconds, and text sorts by its bytes of UTF-8. */
export const columnsFunctions: AnalyticsFunctions = {
  selectPieces,
  instant: whole,
  contains: (text, part) => sql`contains(${text}, ${part})`,
  startsWith: (text, prefix) => sql`starts_with(${text}, ${prefix})`,
  hasElement: (list, text) => sql`list_contains(from_json_strict(${list}, '["VARCHAR"]'), ${text})`,
  codePointOrder: (text) => sql`${text}`,
  // Apart from each other, because a missing value makes a row value greater than all others, and
  // because blocks whose values are beyond need not be read.
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
