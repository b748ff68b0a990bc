import type { InstantSql } from '../instant-sql.ts';

export const postgresqlInstants: InstantSql = {
  earlier: (one, other) => `least(${one}, ${other})`,
  millisecondsBetween: (from, to) => `cast(extract(epoch from (${to} - ${from})) * 1000 as double precision)`,
  before: (instant, milliseconds) => `(${instant} - interval '${milliseconds} milliseconds')`,
};
