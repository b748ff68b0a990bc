import type { HealthStatus } from '../../core/health-status.ts';

/** The status of a service or a project. */
export const HEALTH_STATUSES = {
  HEALTHY: 'It works as it should, or there is too little data to judge.',
  DEGRADED: 'It works, but not as well as it should.',
  UNHEALTHY: 'It works so badly that users notice.',
} as const satisfies Record<HealthStatus, string>;
