import type { StorageTrouble } from '../../errors.ts';
import type { AppendRequest, DatasetData, FreshRows } from '../append-request.ts';

/** What the thread that writes receives first; it has no reply. */
export interface OpenRequest {
  readonly kind: 'open';
  readonly url: string;
  readonly tables: readonly DatasetData[];
}

/** Disconnects when the appends before it are done. The thread then waits for another `open`. */
export interface CloseRequest {
  readonly kind: 'close';
}

export type WriterRequest = OpenRequest | AppendRequest | CloseRequest;

/** Requests and replies are matched by number. */
export interface Envelope {
  readonly number: number;
  readonly request: WriterRequest;
}

/** New events of a dataset. All events of an append have one number, in the slot of its writer. */
export interface Arrived {
  readonly dataset: string;
  readonly slot: number;
  readonly arrival: number;
}

export interface AppendReply {
  readonly fresh: FreshRows;
  /** The datasets that have new events. */
  readonly arrived: readonly Arrived[];
}

/** An error in the form in which it leaves the thread. */
export interface ErrorData {
  readonly message: string;
  /** The SQLSTATE of PostgreSQL, or the code of a socket. */
  readonly code: string | undefined;
  readonly stack: string | undefined;
  /** Set if the database was not available. */
  readonly trouble: StorageTrouble | undefined;
}

/** `problem`: an error that no request reports, such as an idle connection that broke. */
export type FromThread =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: ErrorData }
  | { readonly problem: ErrorData };
