/** What the server knows about itself at one instant. */
export interface OwnFacts {
  /** Why the server is not ready; null: it is. */
  readonly notReady: string | null;
  /** How long the database took to show that, in milliseconds. */
  readonly readinessMs: number;
  readonly eventLoopDelayMs: number;
  readonly memoryBytes: number;
  readonly uptimeSeconds: number;
  /** The share of what the process may use, in percent. */
  readonly cpuUsage: number;
  readonly memoryUsage: number;
  /** The disk with the data of the server; null: there is no data, or its use is unknown. */
  readonly disk: DiskUse | null;
  /** The fuller bound of the queue before the writer: a share from 0 to 1. */
  readonly queueShare: number;
  /**
   * Recording calls that stored nothing since the last sample: the queue was full, or the database
   * failed.
   */
  readonly failedCalls: number;
  readonly webSockets: number;
  readonly subscriptions: number;
  /** Null while the database does not answer. */
  readonly stored: StoredFacts | null;
}

export interface DiskUse {
  /** In percent, as shown by `df`. */
  readonly usage: number;
  readonly freeBytes: number;
}

/** What the database knows. */
export interface StoredFacts {
  readonly databaseBytes: number;
  /** Notifications that are not sent yet. */
  readonly deliveriesWaiting: number;
  /** Those among them that have been due for more than a minute. */
  readonly deliveriesOverdue: number;
  /**
   * The datasets for which the copy by columns is too far behind to answer; null: there is no copy.
   */
  readonly columnsLate: readonly string[] | null;
}
