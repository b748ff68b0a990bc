import type { AlertMessage } from './channels/channel.ts';
import type { Outcome } from './outcome.ts';

/** A receiver, as it is stored. */
export interface Endpoint {
  /** Chooses the channel. */
  readonly kind: string;
  /** The shown part of the URL: see `Credentials`. */
  readonly url: string;
  readonly secret: string;
  /** The previous secret, and until when it is valid. Absent or null if there is none. */
  readonly previousSecret?: string | null;
  readonly previousSecretUntil?: Date | null;
}

/** What one call sends, and where. */
export interface Message {
  readonly endpoint: Endpoint;
  /** Several only if the channel can group. */
  readonly messages: readonly [AlertMessage, ...AlertMessage[]];
}

/** The outcome of a call, without its time. */
export type Result = Omit<Outcome, 'startedAt' | 'durationMs'>;

/** The result of a call without a response, except the reason. */
export const NO_ANSWER = { statusCode: null, final: false, responseBody: null, retryAfterMs: null };
