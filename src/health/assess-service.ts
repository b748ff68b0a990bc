import type { HealthStatus, HealthThresholds } from '../core/health-status.ts';
import { decideHealth, type Finding, type HealthDecision, isBad } from './decide-health.ts';
import { type ErrorRateLimits, findErrorRate, findLevel, type RequestCounts } from './findings.ts';

/**
 * What a service reported about itself. Usages are in percent of the machine, or of the limit of
 * its container.
 */
export interface ServiceSample {
  /** Epoch milliseconds, by the clock of the service. */
  readonly timestamp: number;
  /**
   * When the service took the sample, as far as the server can tell: a wrong clock can neither keep
   * a dead service fresh nor make a live one stale.
   */
  readonly lastSeenAt: number;
  readonly overallStatus: HealthStatus;
  readonly cpuUsage: number | null;
  readonly memoryUsage: number | null;
  readonly diskUsage: number | null;
  readonly apiLatencyMs: number | null;
  readonly websocketConnections: number | null;
  readonly errorCount: number;
}

/**
 * What is known about a service in an environment. `service` and `environment` are null if samples
 * and requests do not name them.
 */
export interface ServiceFacts {
  readonly service: string | null;
  readonly environment: string | null;
  /** The newest sample; null if there is none. */
  readonly sample: ServiceSample | null;
  /** The requests in the window. */
  readonly counts: RequestCounts;
}

export interface ServiceLimits extends ErrorRateLimits {
  readonly cpuUsage: HealthThresholds;
  readonly memoryUsage: HealthThresholds;
  readonly diskUsage: HealthThresholds;
  readonly sampleMaxAgeMs: number;
}

export interface ServiceHealth extends ServiceFacts, HealthDecision {
  /** True if the newest sample is too old to say anything about the present. */
  readonly stale: boolean;
  /** What is wrong according to its sample and its requests, for the health of the project. */
  readonly bySample: readonly Finding[];
  readonly byRequests: readonly Finding[];
}

/**
 * Assesses a service by its newest sample and its requests. A service that has sent samples and
 * fell silent is DEGRADED, unless its requests show that it is running. Silence does not affect the
 * health of the project, because a service may have been removed on purpose.
 */
export function assessService(facts: ServiceFacts, limits: ServiceLimits, now: number): ServiceHealth {
  const { sample, counts } = facts;
  const name = nameOf(facts);
  const stale = sample !== null && now - sample.lastSeenAt > limits.sampleMaxAgeMs;
  const bySample = sample === null || stale ? [] : findInSample(sample, limits, name);
  const byRequests = [findErrorRate(counts, limits, name)];
  const decision = decideHealth([
    ...bySample,
    ...(stale ? [findSilence({ sample, counts }, limits, name)] : []),
    ...(counts.requests > 0 ? byRequests : []),
  ]);
  return {
    ...facts,
    ...decision,
    stale,
    bySample: bySample.filter(isBad),
    byRequests: byRequests.filter(isBad),
  };
}

/** Returns at least one finding. */
function findInSample(sample: ServiceSample, limits: ServiceLimits, name: string): Finding[] {
  const own = sample.overallStatus;
  const bad: Finding[] = [
    ...(own === 'HEALTHY'
      ? []
      : [{ status: own, reason: `${name} reports itself as ${own.toLowerCase()}.` }]),
    ...findLevel(`Processor use of ${name}`, sample.cpuUsage, limits.cpuUsage),
    ...findLevel(`Memory use of ${name}`, sample.memoryUsage, limits.memoryUsage),
    ...findLevel(`Disk use of ${name}`, sample.diskUsage, limits.diskUsage),
  ];
  if (bad.length > 0) return bad;
  return [{ status: 'HEALTHY', reason: `The newest sample of ${name} shows nothing wrong.` }];
}

function findSilence(
  { sample, counts: { requests } }: { readonly sample: ServiceSample; readonly counts: RequestCounts },
  { sampleMaxAgeMs }: ServiceLimits,
  name: string,
): Finding {
  const since = new Date(sample.lastSeenAt).toISOString();
  const reason =
    `The newest sample of ${name} is from ${since}: it is older than ${sampleMaxAgeMs / 1000} s ` +
    'and does not count.';
  return { status: requests === 0 ? 'DEGRADED' : 'HEALTHY', reason };
}

function nameOf({ service, environment }: ServiceFacts): string {
  return `${service ?? 'an unnamed service'}${environment === null ? '' : ` (${environment})`}`;
}
