import type { Dataset } from '../core/dataset/dataset.ts';
import type { Interval } from '../core/time/range.ts';
import type { QueryBuilder } from '../storage/store.ts';

/** Days of a dataset in a project of which rows may have expired. */
export interface ArchivedDays {
  readonly dataset: Dataset;
  readonly projectId: string;
  /** Stretches of whole UTC days: ascending, disjoint, at least one. */
  readonly days: readonly Interval[];
}

/**
 * Every row of the days that still exists, once: those of the archive and those of the database.
 */
export interface ArchivedRows {
  /**
   * For selects from the table of the dataset in the SQL of DuckDB. Columns have the same names as
   * in the database of rows; times are epoch milliseconds.
   */
  readonly query: QueryBuilder;
  /**
   * The number of rows of each day, by the instant at which the day begins. Days without rows are
   * left out.
   */
  readonly counts: ReadonlyMap<number, number>;
}

/** Reads the rows that retention has archived. */
export interface ArchiveReader {
  /**
   * Prepares the rows of the days, and runs the work on them. The rows stay as they are while it
   * runs, whatever retention does. Only one piece of work runs at a time, because its memory is
   * bounded.
   *
   * @throws TelltaleError UNAVAILABLE if a file cannot be read, QUERY_TOO_COMPLEX if it takes too
   *   much memory
   * @throws the reason of the signal of the read scope if that aborts
   */
  read<Found>(wanted: ArchivedDays, work: (rows: ArchivedRows) => Promise<Found>): Promise<Found>;
}
