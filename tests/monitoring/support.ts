import type { OwnFacts } from '../../src/monitoring/own-facts.ts';

/** A server without trouble. */
export const WELL: OwnFacts = {
  notReady: null,
  readinessMs: 2.5,
  eventLoopDelayMs: 4,
  memoryBytes: 3e8,
  uptimeSeconds: 61,
  cpuUsage: 10,
  memoryUsage: 20,
  disk: { usage: 30, freeBytes: 1e11 },
  queueShare: 0,
  failedCalls: 0,
  webSockets: 1,
  subscriptions: 2,
  stored: { databaseBytes: 1e6, deliveriesWaiting: 0, deliveriesOverdue: 0, columnsLate: [] },
};
