/**
 * The assumptions of the simulation. Change a number here, or by a flag, and run it again. Costs
 * come from the benchmarks named in their comments, on two processors of 2026 at about 3 GHz.
 */

/** How the values of a dimension are distributed within one project, over a day. */
export interface Spread {
  readonly values: number;
  /** The exponent of Zipf's law. */
  readonly exponent: number;
}

/** The share of each dataset in the events: services that call models, and coding agents. */
export const MIX: Readonly<Record<string, number>> = {
  llmCalls: 0.3,
  requestLogs: 0.35,
  toolCalls: 0.2,
  agentUsage: 0.05,
  agentActivities: 0.04,
  errorLogs: 0.02,
  techniqueUsages: 0.02,
  generations: 0.01,
  ragMetrics: 0.01,
};

/** Dimensions that follow from another: a model has one provider. */
export const IMPLIED_BY: Readonly<Record<string, string>> = {
  provider: 'model',
  method: 'endpoint',
  mcpServer: 'tool',
  techniqueSuite: 'potencyLevel',
  agentId: 'taskId',
  severity: 'errorType',
  errorType: 'fingerprint',
  success: 'statusCode',
};

export const SPREADS: Readonly<Record<string, Spread>> = {
  provider: { values: 4, exponent: 1 },
  model: { values: 15, exponent: 1.2 },
  operation: { values: 4, exponent: 1 },
  cached: { values: 2, exponent: 2 },
  success: { values: 2, exponent: 4 },
  service: { values: 12, exponent: 1 },
  environment: { values: 3, exponent: 2 },
  endpoint: { values: 80, exponent: 1.1 },
  method: { values: 4, exponent: 1.5 },
  statusCode: { values: 8, exponent: 2.5 },
  agentId: { values: 60, exponent: 0.8 },
  taskId: { values: 400, exponent: 0.6 },
  release: { values: 3, exponent: 1.5 },
  tool: { values: 25, exponent: 1.1 },
  decision: { values: 3, exponent: 2 },
  errorType: { values: 20, exponent: 1.2 },
  fingerprint: { values: 150, exponent: 1.2 },
  severity: { values: 4, exponent: 1.5 },
  activityType: { values: 8, exponent: 1 },
  kind: { values: 8, exponent: 1 },
  potencyLevel: { values: 12, exponent: 1 },
};

/**
 * The events per day for each team that shares the servers. There is at least one; their sizes
 * follow Zipf's law.
 */
export const EVENTS_PER_PROJECT = 30_000_000;
export const PROJECT_EXPONENT = 1;

/** How many times the events of an average minute the busiest minute has. */
export const PEAK = 2.5;

/**
 * How many days cells of each grain stay (docs/retention.md). Daily cells stay forever, so this
 * assumes ten years.
 */
export const CELL_DAYS = { MINUTE: 7, HOUR: 400, DAY: 3650 };
/** What a company with so many events would set with `setRetentionPolicy`. */
export const FEWER_CELL_DAYS = { MINUTE: 2, HOUR: 60, DAY: 400 };
export const ROW_DAYS = 90;

/** Processor time and bytes, in milliseconds and bytes unless noted otherwise. */
export const COSTS = {
  /**
   * The event loop of an instance that reads, checks and answers a recording call, per call and per
   * event. `npm run bench:postgresql`, profiled: 2,214 calls of one event, 35 calls of 1,000 per
   * second.
   */
  loopPerCall: 0.3,
  loopPerEvent: 0.02,
  /**
   * The work of the SQLite writer. `npm run bench:ingest`: 1,000 events in a transaction, and one.
   */
  sqlite: { fixed: 0.35, perEvent: 0.019, perCell: 0.006 },
  /**
   * How long one writer connection waits for PostgreSQL, per transaction.
   * `npm run bench:postgresql`.
   */
  postgresql: { fixed: 1.5, perEvent: 0.016, perCell: 0.008 },
  /**
   * Processor time of the database server for the same: 25 µs per event in appends of 1,000, 14 in
   * those of 8,000.
   */
  server: { fixed: 0.3, perEvent: 0.01, perCell: 0.007 },
  /**
   * What Citus adds on the coordinator for each shard that a transaction touches.
   * `npm run bench:citus`.
   */
  perShard: 1.2,
  /** An event of any dataset with its indexes, on PostgreSQL (docs/operations.md). */
  bytesPerEvent: 480,
  /** The bytes in the log of the database per byte of a table. */
  logFactor: 1.6,
} as const;

/** Average number of events that a client sends in one call. */
export const EVENTS_PER_CALL = 100;

/** A machine as companies provide for a database, and one for instances. */
export const MACHINE = { cores: 32, diskBytes: 30e12, logBytesPerSecond: 400e6 } as const;
/** The share of a resource that may be used by design. */
export const USE = 0.7;
/** Dollars per month: list prices of large clouds, rounded. */
export const PRICES = { core: 30, terabyte: 80 } as const;

/**
 * A cell: its row including the key, which the index repeats; four doubles for each measure; a
 * histogram with few values.
 */
export const CELL_BYTES = { key: 270, measure: 32, histogram: 24 } as const;
