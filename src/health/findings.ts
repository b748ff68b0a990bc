import type { CoordinationProblem } from '../coordination/coordination.ts';
import { assess, type HealthThresholds } from '../core/health-status.ts';
import type { Finding } from './decide-health.ts';

/** The requests in the window. */
export interface RequestCounts {
  readonly requests: number;
  readonly errors: number;
}

export interface ErrorRateLimits {
  /** Shares, from 0 to 1. */
  readonly errorRate: HealthThresholds;
  /** With fewer requests the error rate is not assessed: one failure out of two says little. */
  readonly minimumRequests: number;
}

/** Share of the requests that failed, 0 to 1; null if there were none. */
export function errorRateOf({ requests, errors }: RequestCounts): number | null {
  return requests === 0 ? null : errors / requests;
}

/** Assesses an error rate. `whose`: a service; null for the whole project. */
export function findErrorRate(
  counts: RequestCounts,
  { errorRate: thresholds, minimumRequests }: ErrorRateLimits,
  whose: string | null = null,
): Finding {
  const { requests, errors } = counts;
  const rate = errorRateOf(counts);
  const of = whose === null ? '' : ` of ${whose}`;
  if (rate === null) return { status: 'HEALTHY', reason: `There were no requests${of}.` };
  if (requests < minimumRequests) {
    const reason =
      `There were too few requests${of} to assess: ${requests}, and at least ` +
      `${minimumRequests} are needed.`;
    return { status: 'HEALTHY', reason };
  }
  const status = assess(rate, thresholds);
  const found = `${errors} of ${requests} requests${of} failed (${percent(rate * 100)})`;
  if (status === 'HEALTHY') {
    return { status, reason: `${found}: less than ${percent(thresholds.degraded * 100)}.` };
  }
  const reached = status === 'DEGRADED' ? thresholds.degraded : thresholds.unhealthy;
  return { status, reason: `${found}: ${percent(reached * 100)} or more is ${status.toLowerCase()}.` };
}

/**
 * A finding if a level reached a threshold; none if it did not, or was not measured. `what`: for
 * example "Disk use of db".
 */
export function findLevel(
  what: string,
  value: number | null,
  thresholds: HealthThresholds,
  render: (value: number) => string = percent,
): Finding[] {
  if (value === null) return [];
  const status = assess(value, thresholds);
  if (status === 'HEALTHY') return [];
  const reached = status === 'DEGRADED' ? thresholds.degraded : thresholds.unhealthy;
  const reason = `${what} is ${render(value)}: ${render(reached)} or more is ${status.toLowerCase()}.`;
  return [{ status, reason }];
}

/** Assesses the server itself, by the delay of its event loop. */
export function findEventLoopDelay(delayMs: number, thresholds: HealthThresholds): Finding[] {
  const render = (value: number) => `${Math.floor(value)} ms`;
  return findLevel("The delay of the server's event loop (p99)", delayMs, thresholds, render);
}

/**
 * Findings about files of the coordination folder that cannot be imported. Their previous contents
 * still apply, so this is not an outage.
 */
export function findInFolder(problems: readonly CoordinationProblem[]): Finding[] {
  return problems.map(({ message }) => ({ status: 'DEGRADED', reason: `Coordination folder: ${message}` }));
}

/** Rounds down: 4.96 % must not read as the 5 % that it is below. */
function percent(value: number): string {
  return `${Math.floor(value * 10 + 1e-9) / 10} %`;
}
