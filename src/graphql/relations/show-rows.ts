import type { Context } from '../context.ts';

/** How long graphql-js works on the fields of a row, about. */
const ROW_MICROSECONDS = 20;

/**
 * Call it before the rows of one parent are shown. It counts them towards the limits of the query,
 * each time that they are shown: the rows of few parents may appear below many.
 */
export function showRows({ services: { store, portions } }: Context, rows: number): Promise<void> {
  store.count({ rows });
  return portions.pass(rows * ROW_MICROSECONDS);
}
