import type { Dataset } from '../core/dataset/dataset.ts';

/** The part of a dataset that is plain data, because functions cannot be sent to a thread. */
export type CopiedDataset = Pick<Dataset, 'name' | 'table' | 'columns'>;

/** What the copy has of a dataset so far. */
export interface CopyPosition {
  /** All rows up to this arrival. */
  readonly arrival: number;
  /** The last project that was removed from it. */
  readonly removal: ProjectRemoval;
}

/** Rows of a dataset in the order of their arrival. */
export interface RowPage {
  readonly count: number;
  /** The arrival and the id of the last row. */
  readonly last: { readonly arrival: number; readonly id: string };
  /**
   * A JSON array of values per column: the arrivals, then the held columns. The database of rows
   * makes them, so that no value passes through JavaScript.
   */
  readonly columns: readonly string[];
}

/** What the copy lacks, in one snapshot of the database of rows. */
export interface MissingRows {
  /** The last arrival that is committed. */
  readonly committed: number;
  /** In the order in which the projects were removed. */
  readonly removals: readonly ProjectRemoval[];
  /** The first rows that the copy lacks; null if it has all. */
  readonly page: RowPage | null;
}

export interface ProjectRemoval {
  readonly number: number;
  readonly projectId: string;
}

/** Rows of a project that retention has removed: those before the instant, by both of their times. */
export interface ExpiredRows {
  readonly dataset: string;
  readonly projectId: string;
  readonly before: number;
}

/** The database of rows, as the thread of the copy reads it. */
export interface RowSource {
  /** @param limit of the rows of the page */
  missing(dataset: CopiedDataset, position: CopyPosition, limit: number): Promise<MissingRows>;
  /** The ids of the rows that arrived as these numbers; a row that was removed is left out. */
  idsOf(dataset: CopiedDataset, arrivals: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** The project whose removal has this number; null if there is none. */
  projectOf(removal: number): Promise<string | null>;
  /** What retention has removed so far. */
  expired(): Promise<readonly ExpiredRows[]>;
  close(): Promise<void>;
}
