import { sql } from 'kysely';
import type { SqlFunctions } from '../functions.ts';

export const sqliteFunctions: SqlFunctions = {
  parameterTable(columns, rows) {
    const names = Object.keys(columns) as (keyof typeof columns)[];
    const values = JSON.stringify(rows.map((row) => names.map((name) => row[name])));
    const selections = names.map((name, index) => sql`value ->> ${sql.lit(index)} as ${sql.ref(name)}`);
    // The limit keeps SQLite from inlining the JSON look-ups into the join, where they would run once per joined row.
    return sql`(select ${sql.join(selections)} from json_each(${values}) limit -1)`;
  },
  instant: (epochMs) => sql`${epochMs}`,
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  startsWith: (text, prefix) => sql`instr(${text}, ${prefix}) = 1`,
  // sum() fails when integers overflow 64 bits; total() goes on in doubles then.
  sum: (value) => sql`total(${value})`,
  percentile: (value, p) => sql`percentile_cont(${value}, ${p})`,
  codePointOrder: (text) => sql`${text}`,
};
