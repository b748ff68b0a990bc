import type { Context } from '../context.ts';
import { createPortions } from '../limits/portions.ts';

/** Rows whose fields graphql-js completes in one turn of the event loop: some ten milliseconds. */
const ROWS_PER_TURN = 500;

/**
 * Creates a function to call before the rows of one parent are shown. It counts them towards the
 * limits of the query, each time that they are shown: the rows of few parents may appear below many.
 */
export function createShowRows() {
  const portions = createPortions(ROWS_PER_TURN);
  return (context: Context, rows: number): Promise<void> => {
    context.services.store.count({ rows });
    return portions.pass(rows);
  };
}
