import type { Arrivals } from './positions.ts';

/** What joins the instances that share a database. */
export interface InstanceLink {
  readonly notices: Notices;
  readonly appends: OwnAppends;
}

/** The longest notice, in bytes of UTF-8. */
export const NOTICE_BYTES = 7_900;

/**
 * Short texts to all instances. They come late by milliseconds, and some never come: an instance that
 * is killed sends no more, and one that has lost its connection hears nothing. So receivers look by
 * themselves now and then, too.
 */
export interface Notices {
  /**
   * Sends texts of at most `NOTICE_BYTES` to everybody who listens, this instance too.
   *
   * @throws StorageUnavailable if that is not possible now; some may have been sent
   */
  send(texts: readonly string[]): Promise<void>;
  /** Listens, and connects again after its connection broke, until it is stopped. */
  listen(listener: NoticeListener): { stop(): void };
}

export interface NoticeListener {
  onNotice(text: string): void;
  /** Called after each connection was made: notices before it may have been missed. */
  onConnected(): void;
}

/** What one append has stored. */
export interface Appended {
  /** The name of the dataset. */
  readonly dataset: string;
  readonly arrival: number;
  readonly projects: ReadonlySet<string>;
}

/**
 * The numbers of this instance's own appends: it publishes their events itself, at once. Of an append
 * of which it does not know whether it was committed, because the connection broke, it has none.
 */
export interface OwnAppends {
  /** @param listener is told of each append after its commit, before it resolves */
  onCommitted(listener: (appended: readonly Appended[]) => void): void;
  /** Resolves when the appends have ended that are under way with events of these ids. */
  settled(dataset: string, ids: ReadonlySet<string>): Promise<void>;
  has(dataset: string, arrival: number): boolean;
  /** The same, moved on over own appends that come next. */
  beyond(dataset: string, arrivals: Arrivals): Arrivals;
}
