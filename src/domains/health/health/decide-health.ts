export type HealthStatus = 'HEALTHY' | 'DEGRADED' | 'UNHEALTHY';

/** What happened in the window. */
export interface RequestCounts {
  readonly requests: number;
  readonly errors: number;
}

/** Rates are shares of 1. */
export interface HealthThresholds {
  readonly degradedErrorRate: number;
  readonly unhealthyErrorRate: number;
  /** With fewer requests there is no verdict: one failure of two says little. */
  readonly minimumRequests: number;
}

export interface HealthDecision {
  readonly status: HealthStatus;
  /** Why, in words; at least one. */
  readonly reasons: readonly string[];
  /** Share of 1; null without requests. */
  readonly errorRate: number | null;
}

/** The state of the services, from the error rate of their recent requests. */
export function decideHealth(
  { requests, errors }: RequestCounts,
  thresholds: HealthThresholds,
): HealthDecision {
  const { degradedErrorRate, unhealthyErrorRate, minimumRequests } = thresholds;
  if (requests === 0) return { status: 'HEALTHY', reasons: ['There were no requests.'], errorRate: null };
  const errorRate = errors / requests;
  if (requests < minimumRequests) {
    const reason = `${requests} of the ${minimumRequests} requests that a verdict needs: too few to judge.`;
    return { status: 'HEALTHY', reasons: [reason], errorRate };
  }
  const found = `${errors} of ${requests} requests failed (${percent(errorRate)})`;
  if (errorRate >= unhealthyErrorRate) {
    return {
      status: 'UNHEALTHY',
      reasons: [`${found}: ${percent(unhealthyErrorRate)} or more is unhealthy.`],
      errorRate,
    };
  }
  if (errorRate >= degradedErrorRate) {
    return {
      status: 'DEGRADED',
      reasons: [`${found}: ${percent(degradedErrorRate)} or more is degraded.`],
      errorRate,
    };
  }
  return { status: 'HEALTHY', reasons: [`${found}: less than ${percent(degradedErrorRate)}.`], errorRate };
}

/** Cut, not rounded: 4.96 % must not read as the 5 % that it is below. */
function percent(rate: number): string {
  return `${Math.floor(rate * 1000 + 1e-9) / 10} %`;
}
