import type { InstantSql } from '../instant-sql.ts';

export const sqliteInstants: InstantSql = {
  earlier: (one, other) => `min(${one}, ${other})`,
  millisecondsBetween: (from, to) => `(${to} - ${from})`,
  before: (instant, milliseconds) => `(${instant} - ${milliseconds})`,
};
