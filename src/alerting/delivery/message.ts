import type { AlertMessage } from './channels/channel.ts';
import type { Outcome } from './outcome.ts';

/** A receiver, as it is stored. */
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

/** What one call sends, and where. */
export interface Message {
  readonly endpoint: Endpoint;
  /** Several only where the channel can group. */
  readonly messages: readonly [AlertMessage, ...AlertMessage[]];
}

/** The outcome of a call, without its time. */
export type Result = Omit<Outcome, 'startedAt' | 'durationMs'>;

/** The result of a call that got no answer, without the reason. */
export const NO_ANSWER = { statusCode: null, final: false, responseBody: null, retryAfterMs: null };
