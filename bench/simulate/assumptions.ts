/**
 * The assumptions of the simulation. Change a number here, or by a flag, and run it again. Costs
 * come from the benchmarks that their comments name, on two processors of 2026 at about 3 GHz.
 */

/** How the values of a dimension are spread within one project, over a day. */
export interface Spread {
  readonly values: number;
  /** The exponent of Zipf's law. */
  readonly exponent: number;
}

/** The share of the events that each dataset takes: services that call models, and coding agents. */
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

/** Dimensions that add nothing beside another one: a model has one provider. */
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
 * Teams share the servers: one team per this many events a day, and at least one. Their sizes
 * follow Zipf's law.
 */
export const EVENTS_PER_PROJECT = 30_000_000;
export const PROJECT_EXPONENT = 1;

/** By which factor the busiest minute exceeds the average one. */
export const PEAK = 2.5;

/** Days that cells of each grain stay (docs/retention.md); cells per day stay for ever, so: ten years. */
export const CELL_DAYS = { MINUTE: 7, HOUR: 400, DAY: 3650 };
/** The days that a company with such volumes would set by `setRetentionPolicy`. */
export const FEWER_CELL_DAYS = { MINUTE: 2, HOUR: 60, DAY: 400 };
export const ROW_DAYS = 90;

/** Processor time and bytes, in milliseconds and bytes unless said otherwise. */
export const COSTS = {
  /**
   * An instance reads, checks and answers a call of recording, and each event of it: its event loop.
   * `npm run bench:postgresql`, profiled: 2,214 calls of one event, 35 calls of 1,000 in a second.
   */
  loopPerCall: 0.3,
  loopPerEvent: 0.02,
  /** What the writer of SQLite does. `npm run bench:ingest`: 1,000 events in a transaction, and one. */
  sqlite: { fixed: 0.35, perEvent: 0.019, perCell: 0.006 },
  /** What one writer connection to PostgreSQL waits for, per transaction. `npm run bench:postgresql`. */
  postgresql: { fixed: 1.5, perEvent: 0.016, perCell: 0.008 },
  /**
   * Processor time of the database server for the same: 25 µs per event in appends of 1,000, 14 in
   * appends of 8,000.
   */
  server: { fixed: 0.3, perEvent: 0.01, perCell: 0.007 },
  /**
   * What Citus adds per shard that a transaction touches, on the coordinating node. `npm run
   * bench:citus`.
   */
  perShard: 1.2,
  /** An event of any dataset with its indexes, on PostgreSQL (docs/operations.md). */
  bytesPerEvent: 480,
  /** The bytes that the database's log has for each byte of a table. */
  logFactor: 1.6,
} as const;

/** Events that a client sends in one call, on average. */
export const EVENTS_PER_CALL = 100;

/** A machine of the kind that companies give to a database, and one for instances. */
export const MACHINE = { cores: 32, diskBytes: 30e12, logBytesPerSecond: 400e6 } as const;
/** The share of a resource that is planned to be used. */
export const USE = 0.7;
/** Dollars per month: list prices of large clouds, rounded. */
export const PRICES = { core: 30, terabyte: 80 } as const;

/**
 * A cell: its row with the key, which the index contains once more; four doubles for each measure;
 * a histogram with few values.
 */
export const CELL_BYTES = { key: 270, measure: 32, histogram: 24 } as const;
