import { assess, type HealthStatus, type HealthThresholds, worstOf } from '../core/health-status.ts';
import { OWN_SERVICE } from '../declarations/health/own-service.ts';
import type { OwnFacts } from './own-facts.ts';

/** The thresholds from which the server reports itself as degraded or unhealthy. */
export interface OwnThresholds {
  readonly eventLoopDelayMs: HealthThresholds;
  readonly cpuUsage: HealthThresholds;
  readonly memoryUsage: HealthThresholds;
  readonly diskUsage: HealthThresholds;
}

/** Identifies a sample. The id makes it safe to record it again. */
export interface SampleKey {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** The name of the server among several. */
  readonly instance: string;
}

/** A queue that stays this full rejects events at the next burst. */
export const QUEUE_NEARLY_FULL = 0.8;

/** The facts in the form that `recordHealthSamples` accepts. */
export function ownSample(facts: OwnFacts, thresholds: OwnThresholds, { id, time, instance }: SampleKey) {
  const { stored, disk, notReady } = facts;
  return {
    id,
    timestamp: new Date(time).toISOString(),
    service: OWN_SERVICE,
    overallStatus: statusOf(facts, thresholds),
    apiLatencyMs: facts.readinessMs,
    websocketConnections: facts.webSockets,
    errorCount: facts.failedCalls,
    cpuUsage: facts.cpuUsage,
    memoryUsage: facts.memoryUsage,
    ...(disk !== null && { diskUsage: disk.usage }),
    ...(notReady !== null && { details: { notReady } }),
    attributes: {
      instance,
      ready: notReady === null,
      uptimeSeconds: Math.round(facts.uptimeSeconds),
      eventLoopDelayMs: facts.eventLoopDelayMs,
      memoryBytes: facts.memoryBytes,
      queueShare: facts.queueShare,
      subscriptions: facts.subscriptions,
      ...(disk !== null && { diskFreeBytes: disk.freeBytes }),
      ...(stored !== null && {
        databaseBytes: stored.databaseBytes,
        deliveriesWaiting: stored.deliveriesWaiting,
        deliveriesOverdue: stored.deliveriesOverdue,
        ...(stored.columnsLate !== null && { columnsLate: stored.columnsLate.length }),
      }),
    },
  };
}

/**
 * The worst of what the server found. Notifications and the columnar copy may wait: nothing is
 * lost.
 */
function statusOf(facts: OwnFacts, thresholds: OwnThresholds): HealthStatus {
  return worstOf([
    facts.notReady === null ? 'HEALTHY' : 'UNHEALTHY',
    facts.failedCalls === 0 && facts.queueShare < QUEUE_NEARLY_FULL ? 'HEALTHY' : 'DEGRADED',
    assess(facts.eventLoopDelayMs, thresholds.eventLoopDelayMs),
    assess(facts.cpuUsage, thresholds.cpuUsage),
    assess(facts.memoryUsage, thresholds.memoryUsage),
    facts.disk === null ? 'HEALTHY' : assess(facts.disk.usage, thresholds.diskUsage),
  ]);
}
