import type { Answer } from '../post.ts';
import type { Credentials } from './credentials.ts';

/** What is told: the alert as it was when it changed. */
export interface AlertNotice {
  /** "alert.raised", "alert.acknowledged", "alert.resolved", "alert.reminded" or "alert.test". */
  readonly type: string;
  /** When it changed: ISO 8601. */
  readonly timestamp: string;
  readonly data: NoticedAlert;
}

/**
 * The fields of an alert that channels write about. There are more: signed webhooks get them all.
 */
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

/** A call as it is about to be made. */
export interface Outgoing {
  /** The same in all attempts. */
  readonly messageId: string;
  readonly secret: string;
  /** The one before, as long as it counts; null: it does not. */
  readonly previousSecret: string | null;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly sentAt: number;
}

/** What an answer means. */
export interface Verdict {
  /** Why the call failed, as a sentence; null: the alert has arrived. */
  readonly error: string | null;
  /** True: another attempt would fail too. */
  readonly final: boolean;
  /** How long the receiver asks to be left alone, in milliseconds; null: it does not say. */
  readonly retryAfterMs: number | null;
}

/** How receivers of one kind are told of alerts. Pure: transports do the sending. */
export type Channel = HttpChannel | MailChannel;

interface Told {
  readonly credentials: Credentials;
}

/** Receivers that are called with POST. */
export interface HttpChannel extends Told {
  readonly transport: 'http';
  /** The body of the call, as a JSON value. */
  render(notice: AlertNotice, secret: string): unknown;
  /** The body of a call about several alerts. Left out: each alert has a call of its own. */
  renderGroup?(notices: readonly AlertNotice[]): unknown;
  /** The headers of the call beside those that every call has. */
  headers(message: Outgoing): Readonly<Record<string, string>>;
  /** @param now epoch milliseconds */
  judge(answer: Answer, now: number): Verdict;
}

/** Mailboxes, by the mail server of the configuration. */
export interface MailChannel extends Told {
  readonly transport: 'mail';
  /** @param domain where ids of e-mails are unique */
  compose(messages: readonly AlertMessage[], domain: string): Mail;
}

/** What is told of one alert. */
export interface AlertMessage {
  /** The same in all attempts. */
  readonly messageId: string;
  readonly notice: AlertNotice;
}

/** An e-mail, but for who sends it and who gets it. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** In angle brackets, as is what it follows. */
  readonly messageId: string;
  /** The e-mail in whose conversation it stands; null: it begins one. */
  readonly follows: string | null;
}

/** Whether several alerts can share one message. */
export const canGroup = (channel: Channel): boolean =>
  channel.transport === 'mail' || channel.renderGroup !== undefined;
