import type { Context } from '../context.ts';

/** The approximate time that graphql-js spends on the fields of a row. */
const ROW_MICROSECONDS = 20;

/**
 * Must be called before the rows of a parent are shown. Counts them towards the limits of the query
 * each time they are shown: the rows of a few parents may appear many times.
 */
export function showRows({ services: { store, portions } }: Context, rows: number): Promise<void> {
  store.count({ rows });
  return portions.pass(rows * ROW_MICROSECONDS);
}
