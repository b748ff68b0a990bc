import { type SqlBool, sql } from 'kysely';
import type { SqlFunctions } from './functions.ts';

/** `hasNoRows` for a database that looks for a row for each state. */
export const hasNoRows: SqlFunctions['hasNoRows'] = (state, rows) =>
  sql<SqlBool>`not exists (select 1 from ${sql.table(rows.table)}
    where ${sql.ref(`${rows.table}.project_id`)} = ${sql.ref(`${state.table}.project_id`)}
      and ${sql.ref(`${rows.table}.${rows.key}`)} = ${sql.ref(`${state.table}.${state.key}`)})`;
