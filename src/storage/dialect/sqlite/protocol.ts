import type { ReadLimits } from '../../reading.ts';
import type { RowParts, RowValues } from '../../row-parts.ts';
import type { SteppingBack } from '../../yield-processor.ts';
import type { AppendRequest, DatasetData, FreshRows } from '../append-request.ts';
import type { StopFlag } from './stops.ts';

/** What a database thread opens. */
export interface ThreadData {
  readonly file: string;
  readonly role: 'writer' | 'reader';
  /** Default: the thread gets as much of a processor as the event loop. */
  readonly stepsBack?: SteppingBack;
  readonly datasets: readonly DatasetData[];
  readonly stops: StopFlag;
}

export type Parameter = string | number | bigint | boolean | null | Uint8Array | Date;

/** Opens the connection. Comes first, with the number 0. The thread ends if opening fails. */
export interface OpenRequest {
  readonly kind: 'open';
  readonly data: ThreadData;
}

/** Runs one statement. */
export interface StatementRequest {
  readonly kind: 'statement';
  readonly sql: string;
  readonly parameters: readonly Parameter[];
  /**
   * For Prisma: also returns the declared types, and returns integers of BIGINT columns as
   * `bigint`.
   */
  readonly typed?: boolean;
  /** The limits of the result. A larger result is cut off after the first row beyond them. */
  readonly limits?: ReadLimits;
}

export interface StatementResult {
  readonly columns: readonly string[];
  /** Declared types of the columns; only for a `typed` request. */
  readonly types?: readonly (string | null)[];
  readonly rows: readonly RowValues[];
  /** How many rows the statement changed, if it returns no rows. */
  readonly changes: number;
  /**
   * The bytes of all texts and blobs in the rows, plus 8 for each other value; only with `limits`.
   */
  readonly bytes?: number;
}

/** The result as a thread sends it. */
export type SentResult = Omit<StatementResult, 'rows'> & RowParts;

/** The reply of a read-only thread to a statement that writes. Nothing was done. */
export interface Misdirected {
  readonly writes: true;
}

/** Runs several statements without parameters or results. */
export interface ScriptRequest {
  readonly kind: 'script';
  readonly sql: string;
}

/** Rolls back the transaction, if one is open. */
export interface RollbackRequest {
  readonly kind: 'rollback';
}

export interface AppendReply {
  readonly fresh: FreshRows;
  readonly log: LogState;
}

/** Copies the write-ahead log back into the file. */
export interface CheckpointRequest {
  readonly kind: 'checkpoint';
}

/**
 * The size of the write-ahead log. The log shrinks when a checkpoint runs while no reader uses it.
 */
export interface LogState {
  readonly bytes: number;
}

/** Closes the connection. The thread then waits for another `open`. */
export interface CloseRequest {
  readonly kind: 'close';
}

export type Request =
  | OpenRequest
  | StatementRequest
  | ScriptRequest
  | RollbackRequest
  | AppendRequest
  | CheckpointRequest
  | CloseRequest;

/** Requests and replies are matched by number; a thread answers in order. */
export interface Envelope {
  readonly number: number;
  readonly request: Request;
}

export interface ErrorData {
  readonly message: string;
  /** SQLite's code, such as SQLITE_CONSTRAINT_PRIMARYKEY, if the database raised the error. */
  readonly code: string | undefined;
  readonly stack: string | undefined;
}

export type Reply =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: ErrorData };
