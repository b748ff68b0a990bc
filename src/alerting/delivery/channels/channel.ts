import type { HttpResponse } from '../post.ts';
import type { Credentials } from './credentials.ts';

/** What a channel renders: the alert as it was when it changed. */
export interface AlertNotice {
  /** "alert.raised", "alert.acknowledged", "alert.resolved", "alert.reminded" or "alert.test". */
  readonly type: string;
  /** When it changed: ISO 8601. */
  readonly timestamp: string;
  readonly data: NoticedAlert;
}

/** The fields of an alert that channels write about. Signed webhooks get all fields. */
export interface NoticedAlert {
  readonly projectId: string;
  readonly alertId: string;
  readonly type: string;
  readonly severity: string;
  readonly status: string;
  readonly title: string;
  readonly message: string | null;
  readonly source: string | null;
  readonly labels: Readonly<Record<string, string | number | boolean | null>> | null;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly raisedAt: string;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: string | null;
  readonly resolvedBy: string | null;
  readonly resolvedAt: string | null;
  readonly resolution: string | null;
}

/** A call that is about to be made. */
export interface Outgoing {
  /** The same in all attempts. */
  readonly messageId: string;
  readonly secret: string;
  /** The previous secret while it is still valid; null if there is none. */
  readonly previousSecret: string | null;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly sentAt: number;
}

/** What a response means. */
export interface Verdict {
  /** Why the call failed, as a sentence; null if the alert has arrived. */
  readonly error: string | null;
  /** Whether another attempt would fail too. */
  readonly final: boolean;
  /** How long the receiver asks us to wait, in milliseconds; null if it does not say. */
  readonly retryAfterMs: number | null;
}

/** How one kind of receiver gets alerts. Pure: the transports send. */
export type Channel = HttpChannel | MailChannel;

interface ChannelBase {
  readonly credentials: Credentials;
}

/** A receiver to which we POST. */
export interface HttpChannel extends ChannelBase {
  readonly transport: 'http';
  /** The body of the call, as a JSON value. */
  render(notice: AlertNotice, secret: string): unknown;
  /** The body of a call about several alerts. Absent if the kind cannot group alerts. */
  renderGroup?(notices: readonly AlertNotice[]): unknown;
  /** The headers of the call in addition to those of every call. */
  headers(message: Outgoing): Readonly<Record<string, string>>;
  /** @param now epoch milliseconds */
  readResponse(response: HttpResponse, now: number): Verdict;
}

/** Mailboxes, reached through the configured mail server. */
export interface MailChannel extends ChannelBase {
  readonly transport: 'mail';
  /** @param domain the right-hand side of Message-IDs */
  compose(messages: readonly AlertMessage[], domain: string): Mail;
}

/** One notification about one alert. */
export interface AlertMessage {
  /** The same in all attempts. */
  readonly messageId: string;
  readonly notice: AlertNotice;
}

/** An e-mail without its sender and its recipients. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** With angle brackets, like `follows`. */
  readonly messageId: string;
  /** The Message-ID of the first e-mail of its conversation; null if this is the first. */
  readonly follows: string | null;
}

/** Whether one message can carry several alerts. */
export const canGroup = (channel: Channel): boolean =>
  channel.transport === 'mail' || channel.renderGroup !== undefined;
