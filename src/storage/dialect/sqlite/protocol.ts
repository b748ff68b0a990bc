import type { Column } from '../../../core/dataset/column.ts';
import type { ProjectionPlan } from '../../../core/dataset/projection.ts';
import type { RollupDeclaration } from '../../../core/rollup/fold.ts';
import type { BroughtBy } from '../../store.ts';

/** What a database thread is started with. */
export interface ThreadData {
  readonly file: string;
  readonly role: 'writer' | 'reader';
  readonly datasets: readonly DatasetData[];
}

/** The part of a dataset that is plain data: functions do not cross to a thread. */
export interface DatasetData extends RollupDeclaration {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly projections: readonly ProjectionPlan[];
}

export type Parameter = string | number | bigint | boolean | null | Uint8Array | Date;

/** One statement. */
export interface StatementRequest {
  readonly kind: 'statement';
  readonly sql: string;
  readonly parameters: readonly Parameter[];
  /** For Prisma: tell the declared types, and give integers of BIGINT columns as `bigint`. */
  readonly typed?: boolean;
}

export interface StatementResult {
  readonly columns: readonly string[];
  /** Declared types of the columns; only of a `typed` request. */
  readonly types?: readonly (string | null)[];
  readonly rows: unknown[][];
  /** Rows that the statement changed, for one that returns no rows. */
  readonly changes: number;
}

/** What a read-only thread answers to a statement that writes: nothing was done. */
export interface Misdirected {
  readonly writes: true;
}

/** Several statements without parameters or results. */
export interface ScriptRequest {
  readonly kind: 'script';
  readonly sql: string;
}

/** Rolls back if a transaction is open. */
export interface RollbackRequest {
  readonly kind: 'rollback';
}

export interface AppendPart {
  /** Position in `ThreadData.datasets`. */
  readonly dataset: number;
  /**
   * A list of `Row` as JSON: a text crosses to a thread, and is read there, faster than arrays are
   * cloned.
   */
  readonly rows: string;
  readonly broughtBy?: BroughtBy;
}

export interface AppendRequest {
  readonly kind: 'append';
  readonly groups: readonly (readonly AppendPart[])[];
}

export interface AppendReply {
  /** Per group, per part: whether each row was new. */
  readonly fresh: readonly (readonly boolean[])[][];
  readonly log: LogState;
}

/** Copies the write-ahead log back into the file. */
export interface CheckpointRequest {
  readonly kind: 'checkpoint';
}

/** How much disk the write-ahead log takes. It shrinks when a checkpoint meets no reader. */
export interface LogState {
  readonly bytes: number;
}

/** Writes a consistent and compact copy of the database to a path at which there is nothing. */
export interface CopyRequest {
  readonly kind: 'copy';
  readonly path: string;
}

export interface CloseRequest {
  readonly kind: 'close';
}

export type Request =
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
