/** What became of the events of a client since it was made. */
export interface Counts {
  recorded: number;
  sent: number;
  rejected: number;
  dropped: number;
  /** Attempts that failed and were or will be repeated. */
  retries: number;
}

/** What became of the events since the last `flush` resolved. */
export interface FlushResult {
  /** Events that the server has committed, now or before. */
  readonly sent: number;
  /** Events that are not valid, or that the server refused. `onError` says why. */
  readonly rejected: number;
  /** Events that were given up: the queue was full, or all attempts failed. */
  readonly dropped: number;
  /** Events recorded before this call that are not settled yet. */
  readonly pending: number;
}

/** All since the client was made. `recorded` is the sum of `sent`, `rejected`, `dropped` and `pending`. */
export interface Stats extends FlushResult {
  readonly recorded: number;
  /** Bytes of JSON that wait. */
  readonly pendingBytes: number;
  /** Attempts that failed and were or will be repeated. */
  readonly retries: number;
}
