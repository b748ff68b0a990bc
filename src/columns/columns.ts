import type { Dataset } from '../core/dataset/dataset.ts';
import type { QueryBuilder } from '../storage/store.ts';

/**
 * A columnar copy of the events (DuckDB). It answers questions over many rows much faster than the
 * rows do. The rows remain the source of truth: if the copy is behind, broken or absent, they
 * answer.
 */
export interface Columns {
  /**
   * For selects of analytics and lists. Tables and columns have the same names as in the row
   * database; times are epoch milliseconds.
   *
   * A select rejects with `ColumnsUnavailable` if the copy cannot answer, and with the reason of
   * the signal of the read scope if that aborts.
   */
  readonly query: QueryBuilder;
  /** Whether the copy holds all of these columns of a dataset. */
  holds(dataset: Pick<Dataset, 'name' | 'columns'>, fields: readonly string[]): boolean;
  /**
   * Waits until the copy has every event of the dataset that is committed now. So an answer lacks
   * nothing that was acknowledged before the question.
   *
   * @returns null once it has them; otherwise why it cannot answer, for users: "the columns are
   *   120,000 events behind".
   */
  catchUp(dataset: Pick<Dataset, 'name'>): Promise<string | null>;
  /** Stops feeding and ends the thread. */
  close(): Promise<void>;
}

/** The copy cannot answer; the rows can. */
export class ColumnsUnavailable extends Error {
  override readonly name = 'ColumnsUnavailable';
}
