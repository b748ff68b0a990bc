import type { Dataset } from '../core/dataset/dataset.ts';
import type { QueryBuilder } from '../storage/store.ts';

/**
 * A copy of the events by columns (DuckDB). It answers questions over many rows much faster than
 * the rows do. The rows stay the truth: the copy may be behind, broken or absent, and then the rows
 * answer.
 */
export interface Columns {
  /**
   * For selects of analytics and lists. Tables and columns have the names that they have in the row
   * database; times are epoch milliseconds.
   *
   * A select rejects with `ColumnsUnavailable` if the copy cannot answer, and with the reason of
   * the signal of the read scope if that aborts.
   */
  readonly query: QueryBuilder;
  /** Whether the copy holds all of these columns of a dataset. */
  holds(dataset: Pick<Dataset, 'name' | 'columns'>, fields: readonly string[]): boolean;
  /**
   * Waits until the copy has everything of the dataset that is committed now, so that an answer
   * lacks nothing that was acknowledged before the question.
   *
   * @returns null when it has; otherwise why it cannot answer, for users: "the columns are 120,000
   *   events behind".
   */
  catchUp(dataset: Pick<Dataset, 'name'>): Promise<string | null>;
  /** Stops feeding and ends the thread. */
  close(): Promise<void>;
}

/** The copy cannot answer; the rows can. */
export class ColumnsUnavailable extends Error {
  override readonly name = 'ColumnsUnavailable';
}
