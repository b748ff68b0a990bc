import { sql } from 'kysely';
import type { RowsOfPieces, SelectedPieces, SelectFrom } from './analytics-functions.ts';
import type { SqlFunctions } from './functions.ts';

/** The position of a joined piece. */
export const PIECE_NUMBER = sql.ref<number>('piece.number');

/**
 * `selectPieces` for a database with an index on project and timestamp. The pieces are a joined
 * table of parameters, so that the index is searched once per piece.
 */
export function joinPieces(
  functions: Pick<SqlFunctions, 'parameterTable' | 'joinEach'>,
  query: SelectFrom,
  { table, alias, projectId, pieces, conditions }: RowsOfPieces,
): SelectedPieces {
  const timestamp = sql.ref(`${alias}.timestamp`);
  const ranges = functions.parameterTable<'from' | 'to'>({ from: 'instant', to: 'instant' }, pieces);
  const rows = functions.joinEach(query.selectFrom(ranges.as('piece')), table, alias, [
    sql`${sql.ref(`${alias}.project_id`)} = ${projectId}`,
    sql`${timestamp} >= ${sql.ref('piece.from')}`,
    sql`${timestamp} < ${sql.ref('piece.to')}`,
    ...conditions,
  ]);
  return { rows, number: PIECE_NUMBER };
}
