/** What came of an attempt. */
export interface Outcome {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** HTTP status of the answer; null: there was none. */
  readonly statusCode: number | null;
  /** Why it failed, in words; null: it was delivered. */
  readonly error: string | null;
  /** The beginning of the answer; null: there was none. */
  readonly responseBody: string | null;
  /** How long the receiver asks to be left alone, in milliseconds; null: it does not say. */
  readonly retryAfterMs: number | null;
}
