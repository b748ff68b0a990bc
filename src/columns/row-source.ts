import type { Dataset } from '../core/dataset/dataset.ts';

/** The part of a dataset that is plain data, because functions cannot be sent to a thread. */
export type CopiedDataset = Pick<Dataset, 'name' | 'table' | 'columns' | 'corrected'>;

/** How much of a dataset the copy has so far. */
export interface CopyPosition {
  /** Which rows it has. Only the source can read this text; it is empty before the first page. */
  readonly rows: string;
  /** The last project whose rows were removed from the copy. */
  readonly removal: ProjectRemoval;
  /** The last correction that the copy has. */
  readonly correction: CorrectionMark;
}

/** Rows of a dataset. Those of one writer come in the order of their arrival. */
export interface RowPage {
  readonly count: number;
  /** The last rows of the page, one of each writer. */
  readonly witnesses: readonly Witness[];
  /**
   * A JSON array of values per column: the arrivals, then the held columns; booleans are 0 and 1.
   * The database of rows builds them, so that no value passes through JavaScript.
   */
  readonly columns: readonly string[];
}

/** A row that was copied. Later it shows whether the copy is of this database. */
export interface Witness {
  /** The writer that stored it. Some rows of each writer are remembered. */
  readonly writer: number;
  /** 0: the row is from before rows had numbers. */
  readonly arrival: number;
  readonly projectId: string;
  readonly id: string;
  readonly timestamp: number;
  readonly receivedAt: number;
}

/** With more rows missing, a question does not wait: the rows answer while the copy catches up. */
export const MAX_ROWS_BEHIND = 50_000;

/** What the copy lacks, in one snapshot of the database of rows. */
export interface MissingRows {
  /** In the order in which the projects were removed. Apply them before the page. */
  readonly removals: readonly ProjectRemoval[];
  /** The first correction of the dataset that the copy lacks. It may affect rows of the page. */
  readonly correction: RowCorrection | null;
  /** The last correction of the dataset; null: there is none. */
  readonly lastCorrection: CorrectionMark | null;
  /** Rows that the copy lacks; null if it has all. */
  readonly page: RowPage | null;
  /** Which rows the copy has once it has the page. */
  readonly rows: string;
  /**
   * The maximum number of rows that are left after the page. Beyond `MAX_ROWS_BEHIND`, any larger
   * number; infinite if rows are left and nobody has counted them.
   */
  readonly left: number;
}

export interface ProjectRemoval {
  readonly number: number;
  readonly projectId: string;
}

/** Identifies a correction among all those of a database. */
export interface CorrectionMark {
  readonly number: number;
  /** Shows whether the correction is of this database. */
  readonly id: string;
}

/** Rows of a project whose corrected columns have changed, among those of a span of time. */
export interface RowCorrection extends CorrectionMark {
  readonly projectId: string;
  /** The times of the first and of the last row. */
  readonly first: number;
  readonly last: number;
}

/** Rows of a span of time, in the order of time. */
export interface CorrectedPage {
  readonly count: number;
  /** A JSON array of values per column: the ids, then the columns that are corrected. */
  readonly columns: readonly string[];
  /** The last row. */
  readonly last: CorrectedPosition;
}

export interface CorrectedPosition {
  readonly timestamp: number;
  readonly id: string;
}

/**
 * Rows of a project that retention has removed: those before the instant by both of their times.
 */
export interface ExpiredRows {
  readonly dataset: string;
  readonly projectId: string;
  readonly before: number;
}

/** The database of rows, as the thread of the copy reads it. */
export interface RowSource {
  /**
   * Grows with each connection. Between two connections, a backup may have replaced the database.
   */
  readonly connections: number;
  /** @param limit the number of rows of the page; rows that were stored together come together */
  missing(dataset: CopiedDataset, position: CopyPosition, limit: number): Promise<MissingRows>;
  /** Whether the database has ever had all rows of this position. */
  hasReached(dataset: CopiedDataset, position: CopyPosition): Promise<boolean>;
  /** The arrivals that the rows with these keys have now; null where no such row exists. */
  arrivalsOf(dataset: CopiedDataset, rows: readonly Witness[]): Promise<readonly (number | null)[]>;
  /** The project whose removal has this number; null if there is none. */
  projectOf(removal: number): Promise<string | null>;
  /** The projects that are being removed, or were removed after the removal of this number. */
  removedAfter(removal: number): Promise<ReadonlySet<string>>;
  /**
   * The rows in the span of a correction as they are now, whether they have changed or not.
   *
   * @param after the row before the page; null: the first page
   * @returns null if there are no more rows
   */
  corrected(
    dataset: CopiedDataset,
    correction: RowCorrection,
    after: CorrectedPosition | null,
  ): Promise<CorrectedPage | null>;
  /** The id of the correction with this number; null if there is none. */
  correctionOf(number: number): Promise<string | null>;
  /** What retention has removed so far. */
  expired(): Promise<readonly ExpiredRows[]>;
  close(): Promise<void>;
}
