import { sql } from 'kysely';
import type { DynamicSelect, RowsOfPieces, SelectFrom } from './analytics-functions.ts';
import type { SqlFunctions } from './functions.ts';

/**
 * `selectPieces` for a database with an index on project and timestamp. The pieces are a joined
 * table of parameters, so that the index is searched once per piece.
 */
export function joinPieces(
  functions: Pick<SqlFunctions, 'parameterTable' | 'joinEach'>,
  query: SelectFrom,
  { table, alias, projectId, pieces, conditions }: RowsOfPieces,
): DynamicSelect {
  const timestamp = sql.ref(`${alias}.timestamp`);
  const ranges = functions.parameterTable<'from' | 'to'>({ from: 'instant', to: 'instant' }, pieces);
  return functions.joinEach(query.selectFrom(ranges.as('piece')), table, alias, [
    sql`${sql.ref(`${alias}.project_id`)} = ${projectId}`,
    sql`${timestamp} >= ${sql.ref('piece.from')}`,
    sql`${timestamp} < ${sql.ref('piece.to')}`,
    ...conditions,
  ]);
}
