import type { Dataset } from '../core/dataset/dataset.ts';

/** Rows of a project that are to be removed: those before an instant, by both of their times. */
export interface ExpiredRows {
  readonly dataset: Dataset;
  readonly projectId: string;
  /** The time of the oldest of them, in epoch milliseconds. */
  readonly oldest: number;
  /** A UTC midnight, in epoch milliseconds. */
  readonly before: number;
}

/** Where rows are kept before they are removed. */
export interface RowArchive {
  /**
   * Keeps all of the rows, day by day. A row that is already kept is not kept twice. Each value is
   * the number of rows of a day that were added, once they are on disk.
   *
   * @throws Error if they cannot be kept; then none may be removed
   */
  keep(expired: ExpiredRows): AsyncGenerator<number>;
}
