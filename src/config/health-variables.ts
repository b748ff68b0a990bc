import { percentage, share, wholeNumber } from './kinds.ts';

/** The thresholds of `health`. */
export const healthVariables = {
  HEALTH_DEGRADED_ERROR_RATE: {
    ...share('share of requests'),
    default: '0.05',
    description: 'Error rate from which `health` reports DEGRADED.',
  },
  HEALTH_UNHEALTHY_ERROR_RATE: {
    ...share('share of requests'),
    default: '0.2',
    description: 'Error rate from which `health` reports UNHEALTHY.',
  },
  HEALTH_WINDOW_SECONDS: {
    ...wholeNumber('seconds', 10, 86_400),
    default: '300',
    description: 'How far `health` looks back.',
  },
  HEALTH_MINIMUM_REQUESTS: {
    ...wholeNumber('requests', 1, 1_000_000_000),
    default: '20',
    description: 'With fewer requests in the window, `health` ignores the error rate.',
  },
  HEALTH_DEGRADED_CPU_PERCENT: {
    ...percentage(),
    default: '85',
    description: 'A service whose newest sample shows this processor use or more is DEGRADED in `health`.',
  },
  HEALTH_UNHEALTHY_CPU_PERCENT: {
    ...percentage(),
    default: '95',
    description: 'A service whose newest sample shows this processor use or more is UNHEALTHY in `health`.',
  },
  HEALTH_DEGRADED_MEMORY_PERCENT: {
    ...percentage(),
    default: '85',
    description: 'A service whose newest sample shows this memory use or more is DEGRADED in `health`.',
  },
  HEALTH_UNHEALTHY_MEMORY_PERCENT: {
    ...percentage(),
    default: '95',
    description: 'A service whose newest sample shows this memory use or more is UNHEALTHY in `health`.',
  },
  HEALTH_DEGRADED_DISK_PERCENT: {
    ...percentage(),
    default: '85',
    description: 'A service whose newest sample shows this disk use or more is DEGRADED in `health`.',
  },
  HEALTH_UNHEALTHY_DISK_PERCENT: {
    ...percentage(),
    default: '95',
    description: 'A service whose newest sample shows this disk use or more is UNHEALTHY in `health`.',
  },
  HEALTH_SAMPLE_MAX_AGE_SECONDS: {
    ...wholeNumber('seconds', 1, 86_400),
    default: '300',
    description:
      'If the newest sample of a service is older, `health` lists the service as stale and ignores the ' +
      'sample.',
  },
  HEALTH_RECOVERY_SECONDS: {
    ...wholeNumber('seconds', 0, 86_400),
    default: '60',
    description:
      'How long `health` must be HEALTHY before its alert is resolved. If it gets worse within ' +
      'that time, the same alert continues.',
  },
  HEALTH_DEGRADED_EVENT_LOOP_MS: {
    ...wholeNumber('milliseconds', 1, 3_600_000),
    default: '100',
    description: "Delay of the server's own event loop (p99) from which `health` reports DEGRADED.",
  },
  HEALTH_UNHEALTHY_EVENT_LOOP_MS: {
    ...wholeNumber('milliseconds', 1, 3_600_000),
    default: '1000',
    description: "Delay of the server's own event loop (p99) from which `health` reports UNHEALTHY.",
  },
} as const;
