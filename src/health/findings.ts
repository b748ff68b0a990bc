import type { CoordinationProblem } from '../coordination/coordination.ts';
import { assess, type HealthThresholds } from '../core/health-status.ts';
import type { Finding } from './decide-health.ts';

/** What happened in the window. */
export interface RequestCounts {
  readonly requests: number;
  readonly errors: number;
}

export interface ErrorRateLimits {
  /** Shares of 1. */
  readonly errorRate: HealthThresholds;
  /** With fewer requests there is no verdict: one failure of two says little. */
  readonly minimumRequests: number;
}

/** Share of the requests that failed, 0 to 1; null without requests. */
export function errorRateOf({ requests, errors }: RequestCounts): number | null {
  return requests === 0 ? null : errors / requests;
}

/** The verdict on an error rate. `whose`: a service; null: all of the project. */
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
    const reason = `${requests} of the ${minimumRequests} requests${of} that a verdict needs: too few to judge.`;
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
 * A level that reached a threshold; nothing when it did not, or was not measured. `what`: "Disk use
 * of db".
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

/** The server that answers, as far as its event loop shows. */
export function findEventLoopDelay(delayMs: number, thresholds: HealthThresholds): Finding[] {
  const render = (value: number) => `${Math.floor(value)} ms`;
  return findLevel("The delay of the server's event loop (p99)", delayMs, thresholds, render);
}

/**
 * Files of the coordination folder that cannot be taken over. What they said before still holds, so
 * it is no outage.
 */
export function findInFolder(problems: readonly CoordinationProblem[]): Finding[] {
  return problems.map(({ message }) => ({ status: 'DEGRADED', reason: `Coordination folder: ${message}` }));
}

/** Cut, not rounded: 4.96 % must not read as the 5 % that it is below. */
function percent(value: number): string {
  return `${Math.floor(value * 10 + 1e-9) / 10} %`;
}
