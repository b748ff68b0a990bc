import type { ReadLimits } from '../storage/reading.ts';
import type { RowParts, RowValues } from '../storage/row-parts.ts';
import type { CopiedDataset } from './row-source.ts';

/** The data with which the thread of the copy is started. */
export interface CopyThreadData {
  /** The file of the copy. */
  readonly file: string;
  /** The database with the rows. */
  readonly databaseUrl: string;
  readonly datasets: readonly CopiedDataset[];
  readonly settings: CopySettings;
}

export interface CopySettings {
  /** How much memory DuckDB may use, in bytes. Beyond that, it spills to disk. */
  readonly memoryBytes: number;
  readonly threads: number;
  /**
   * How long a question about a small dataset waits until the copy has everything that is
   * committed, in milliseconds. See `patienceOf`.
   */
  readonly patienceMs: number;
}

export type CopyParameter = string | number | boolean | null;

export interface ReadRequest {
  readonly kind: 'read';
  readonly sql: string;
  readonly parameters: readonly CopyParameter[];
  /** The statement ends at the first row beyond these limits. */
  readonly limits: ReadLimits | null;
}

/**
 * Brings a dataset up to date. The reply is null, or the reason why the dataset is not up to date.
 */
export interface CatchUpRequest {
  readonly kind: 'catch-up';
  /** The name of the dataset. */
  readonly dataset: string;
}

/** The reply is the number of rows that each dataset lacks (`Copy.lag`). */
export interface LagRequest {
  readonly kind: 'lag';
}

export interface CloseRequest {
  readonly kind: 'close';
}

export type CopyRequest = ReadRequest | CatchUpRequest | LagRequest | CloseRequest;

/**
 * Requests and replies are matched by number. `stop` ends the request of that number early.
 * `isReading` tells the thread whether the server answers questions.
 */
export type ToThread =
  | { readonly number: number; readonly request: CopyRequest }
  | { readonly stop: number }
  | { readonly isReading: boolean };

export type FromThread =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: string }
  /** A problem that belongs to no request. */
  | { readonly problem: string }
  /**
   * The thread asks whether the server answers questions, and measures how soon the reply comes.
   */
  | { readonly ask: 'isReading' };

export interface ReadResult {
  readonly columns: readonly string[];
  readonly rows: readonly RowValues[];
  /** The bytes of all texts in the rows, plus 8 for each other value. */
  readonly bytes: number;
}

/** The result as the thread sends it. */
export type SentResult = Omit<ReadResult, 'rows'> & RowParts;
