import type { HealthStatus } from '../../core/health-status.ts';

/** How something does. */
export const HEALTH_STATUSES = {
  HEALTHY: 'It does its work; or there is too little to judge by.',
  DEGRADED: 'It does its work worse than it should.',
  UNHEALTHY: 'It does its work so badly that users notice.',
} as const satisfies Record<HealthStatus, string>;
