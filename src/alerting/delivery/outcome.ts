import type { Verdict } from './channels/channel.ts';

/** The outcome of an attempt. */
export interface Outcome extends Verdict {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** HTTP status or SMTP reply code of the response; null if there was none. */
  readonly statusCode: number | null;
  /** The beginning of the response; null if there was none. */
  readonly responseBody: string | null;
}
