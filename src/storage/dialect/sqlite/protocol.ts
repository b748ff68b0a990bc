import type { ReadLimits } from '../../reading.ts';
import type { RowParts, RowValues } from '../../row-parts.ts';
import type { SteppingBack } from '../../yield-processor.ts';
import type { AppendRequest, DatasetData, FreshRows } from '../append-request.ts';
import type { StopFlag } from './stops.ts';

/** What a database thread opens. */
export interface ThreadData {
  readonly file: string;
  readonly role: 'writer' | 'reader';
  /** Default: it gets as much of a processor as the event loop. */
  readonly stepsBack?: SteppingBack;
  readonly datasets: readonly DatasetData[];
  readonly stops: StopFlag;
}

export type Parameter = string | number | bigint | boolean | null | Uint8Array | Date;

/** Opens the connection. Comes first, with the number 0; the thread ends if it cannot be carried out. */
export interface OpenRequest {
  readonly kind: 'open';
  readonly data: ThreadData;
}

/** Runs one statement. */
export interface StatementRequest {
  readonly kind: 'statement';
  readonly sql: string;
  readonly parameters: readonly Parameter[];
  /** For Prisma: returns the declared types as well, and integers of BIGINT columns as `bigint`. */
  readonly typed?: boolean;
  /** What the result may have at most; a larger one is cut off after
   * the first row that is too much. */
  readonly limits?: ReadLimits;
}

export interface StatementResult {
  readonly columns: readonly string[];
  /** Declared types of the columns; only for a `typed` request. */
  readonly types?: readonly (string | null)[];
  readonly rows: readonly RowValues[];
  /** How many rows the statement changed, if it returns no rows. */
  readonly changes: number;
  /** Bytes in the texts and blobs of the rows, and 8 for each other value; only with `limits`. */
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

/** The size of the write-ahead log. It shrinks when a checkpoint runs while no reader uses it. */
export interface LogState {
  readonly bytes: number;
}

/** Writes a consistent and compact copy of the database to a path where no file exists. */
export interface CopyRequest {
  readonly kind: 'copy';
  readonly path: string;
}

/** Closes the connection. The thread waits for another `open`. */
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
  | CopyRequest
  | CloseRequest;

/** Requests and replies are matched by number; a thread answers in order. */
export interface Envelope {
  readonly number: number;
  readonly request: Request;
}

export interface ErrorData {
  readonly message: string;
  /** SQLite's code, such as SQLITE_CONSTRAINT_PRIMARYKEY, when the database raised it. */
  readonly code: string | undefined;
  readonly stack: string | undefined;
}

export type Reply =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: ErrorData };
