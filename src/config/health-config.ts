import type { HealthThresholds } from '../core/health-status.ts';
import type { VariableValues } from './variables.ts';

/** The thresholds from which `health` reports DEGRADED or UNHEALTHY. */
export interface HealthConfig {
  /** Fractions from 0 to 1. */
  readonly errorRate: HealthThresholds;
  readonly windowMs: number;
  /** With fewer requests the error rate is ignored: one failure of two says little. */
  readonly minimumRequests: number;
  /** Percent of the machine's capacity. */
  readonly cpuUsage: HealthThresholds;
  readonly memoryUsage: HealthThresholds;
  readonly diskUsage: HealthThresholds;
  /** The delay of the server itself, in milliseconds. */
  readonly eventLoopDelayMs: HealthThresholds;
  /** An older sample is ignored, because it says nothing about the present. */
  readonly sampleMaxAgeMs: number;
  /** How long health must be HEALTHY before its alert is resolved. */
  readonly recoveryMs: number;
}

export function readHealthConfig(values: VariableValues): HealthConfig {
  const thresholds = (name: HealthLevel): HealthThresholds => ({
    degraded: values[`HEALTH_DEGRADED_${name}`],
    unhealthy: values[`HEALTH_UNHEALTHY_${name}`],
  });
  return {
    errorRate: thresholds('ERROR_RATE'),
    windowMs: values.HEALTH_WINDOW_SECONDS * 1000,
    minimumRequests: values.HEALTH_MINIMUM_REQUESTS,
    cpuUsage: thresholds('CPU_PERCENT'),
    memoryUsage: thresholds('MEMORY_PERCENT'),
    diskUsage: thresholds('DISK_PERCENT'),
    eventLoopDelayMs: thresholds('EVENT_LOOP_MS'),
    sampleMaxAgeMs: values.HEALTH_SAMPLE_MAX_AGE_SECONDS * 1000,
    recoveryMs: values.HEALTH_RECOVERY_SECONDS * 1000,
  };
}

/** The measures for which `health` has two thresholds. */
const HEALTH_LEVELS = [
  'ERROR_RATE',
  'CPU_PERCENT',
  'MEMORY_PERCENT',
  'DISK_PERCENT',
  'EVENT_LOOP_MS',
] as const;
type HealthLevel = (typeof HEALTH_LEVELS)[number];

/** Thresholds that no value could reach. */
export function healthProblems(values: VariableValues): string[] {
  return HEALTH_LEVELS.flatMap((level) => {
    const [lower, upper] = [`HEALTH_DEGRADED_${level}`, `HEALTH_UNHEALTHY_${level}`] as const;
    return values[lower] <= values[upper]
      ? []
      : [`${lower}=${values[lower]}: must be at most ${upper}, which is ${values[upper]}.`];
  });
}
