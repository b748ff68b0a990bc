import type { Arrivals } from './positions.ts';

/** What connects the instances that share a database. */
export interface InstanceLink {
  readonly notices: Notices;
  readonly appends: OwnAppends;
}

/** The longest notice, in bytes of UTF-8. */
export const NOTICE_BYTES = 7_900;

/**
 * Short texts to all instances. They arrive milliseconds late, and some never arrive: an instance
 * that is killed sends no more, and one that has lost its connection hears nothing. So receivers
 * also poll now and then.
 */
export interface Notices {
  /**
   * Sends texts of at most `NOTICE_BYTES` to all listeners, including this instance.
   *
   * @throws StorageUnavailable if that is not possible now; some may have been sent
   */
  send(texts: readonly string[]): Promise<void>;
  /** Listens, and reconnects after its connection broke, until it is stopped. */
  listen(listener: NoticeListener): { stop(): void };
}

export interface NoticeListener {
  onNotice(text: string): void;
  /** Called after each new connection: earlier notices may have been missed. */
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
 * The numbers of this instance's own appends: it publishes their events itself, at once. It has no
 * numbers of an append whose commit is uncertain because the connection broke.
 */
export interface OwnAppends {
  /** @param listener called with each append after its commit, before it resolves */
  onCommitted(listener: (appended: readonly Appended[]) => void): void;
  /** Resolves when the current appends with events of these ids have ended. */
  settled(dataset: string, ids: ReadonlySet<string>): Promise<void>;
  has(dataset: string, arrival: number): boolean;
  /** The same arrivals, advanced past own appends that follow directly. */
  beyond(dataset: string, arrivals: Arrivals): Arrivals;
}
