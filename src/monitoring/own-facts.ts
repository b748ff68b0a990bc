/** What the server knows about itself at one instant. */
export interface OwnFacts {
  /** Why the server is not ready; null if it is. */
  readonly notReady: string | null;
  /** How long the readiness check of the database took, in milliseconds. */
  readonly readinessMs: number;
  readonly eventLoopDelayMs: number;
  readonly memoryBytes: number;
  readonly uptimeSeconds: number;
  /** In percent of what the process may use. */
  readonly cpuUsage: number;
  readonly memoryUsage: number;
  /** The disk with the data of the server; null if there is none, or its use is unknown. */
  readonly disk: DiskUse | null;
  /** The use of the fullest bound of the queue before the writer, from 0 to 1. */
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
  /** In percent, like `df`. */
  readonly usage: number;
  readonly freeBytes: number;
}

/** What the database knows. */
export interface StoredFacts {
  readonly databaseBytes: number;
  /** Notifications that are not sent yet. */
  readonly deliveriesWaiting: number;
  /** How many of them have been due for more than a minute. */
  readonly deliveriesOverdue: number;
  /** The datasets whose columnar copy is too far behind to answer; null if there is no copy. */
  readonly columnsLate: readonly string[] | null;
}
