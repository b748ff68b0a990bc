/** Rows that the table answers in the time that a question waits for their copy. */
const ROWS_PER_MS = 1_000;
const LONGEST_MS = 10_000;

/**
 * How long a question waits for the copy, in milliseconds. The rows themselves take 1 to 5 µs each,
 * and hold readers meanwhile. So a question about millions of them rather waits a little longer
 * while the copy stores a page or is reopened.
 *
 * @param rows about how many rows the copy has
 * @param leastMs the time for a small table
 */
export const patienceOf = (rows: number, leastMs: number): number =>
  leastMs + Math.min(rows / ROWS_PER_MS, LONGEST_MS);
