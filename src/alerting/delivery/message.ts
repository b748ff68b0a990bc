import type { AlertMessage } from './channels/channel.ts';
import type { Outcome } from './outcome.ts';

/** Where alerts are told, as it is stored. */
export interface Endpoint {
  /** Chooses the channel. */
  readonly kind: string;
  /** What is shown of the URL: see `Credentials`. */
  readonly url: string;
  readonly secret: string;
  /** The secret before, and until when it counts. Left out or null: there is none. */
  readonly previousSecret?: string | null;
  readonly previousSecretUntil?: Date | null;
}

/** What is to be told by one call, and where. */
export interface Message {
  readonly endpoint: Endpoint;
  /** Several only where the channel can group. */
  readonly messages: readonly [AlertMessage, ...AlertMessage[]];
}

/** What came of a call, but for when it was made. */
export type Result = Omit<Outcome, 'startedAt' | 'durationMs'>;

/** What is known where there was no answer. */
export const NO_ANSWER = { statusCode: null, final: false, responseBody: null, retryAfterMs: null };
