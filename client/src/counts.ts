/** What became of the events of a client since it was created. */
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
  /** Events that the server has committed, in this call or before. */
  readonly sent: number;
  /** Invalid events, and events that the server rejected. `onError` says why. */
  readonly rejected: number;
  /** Events that were given up: the queue was full, or all attempts failed. */
  readonly dropped: number;
  /** Events recorded before this call that are not settled yet. */
  readonly pending: number;
}

/**
 * Totals since the client was created. `recorded` is the sum of `sent`, `rejected`, `dropped` and
 * `pending`.
 */
export interface Stats extends FlushResult {
  readonly recorded: number;
  /** Bytes of waiting JSON. */
  readonly pendingBytes: number;
  /** Attempts that failed and were or will be repeated. */
  readonly retries: number;
}
