import type { Tone } from '../../parts/tone.ts';

/** The colours of severities, of alerts and of errors. */
export const SEVERITY_TONES: Readonly<Record<string, Tone>> = {
  CRITICAL: 'bad',
  FATAL: 'bad',
  ERROR: 'bad',
  HIGH: 'bad',
  WARNING: 'warn',
  MEDIUM: 'warn',
  LOW: 'info',
  INFO: 'info',
};

/** The colours of health. */
export const HEALTH_TONES: Readonly<Record<string, Tone>> = {
  HEALTHY: 'good',
  DEGRADED: 'warn',
  UNHEALTHY: 'bad',
};

/** The colours of the states of alerts. */
export const STATUS_TONES: Readonly<Record<string, Tone>> = {
  OPEN: 'bad',
  ACKNOWLEDGED: 'warn',
  RESOLVED: 'good',
};

/** The colours of attempts to deliver an alert. */
export const DELIVERY_TONES: Readonly<Record<string, Tone>> = {
  DELIVERED: 'good',
  FAILED: 'bad',
  SCHEDULED: 'info',
  CANCELLED: 'neutral',
};

/** The colours of what agents do. */
export const AGENT_TONES: Readonly<Record<string, Tone>> = {
  ACTIVE: 'good',
  IDLE: 'info',
  BLOCKED: 'bad',
  ERROR: 'bad',
};
