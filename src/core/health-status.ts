const FROM_BEST_TO_WORST = ['HEALTHY', 'DEGRADED', 'UNHEALTHY'] as const;

/** The health of a service, or of anything else that is measured. */
export type HealthStatus = (typeof FROM_BEST_TO_WORST)[number];

/**
 * The values from which on something is degraded or unhealthy. `degraded` is at most `unhealthy`.
 * Both are in the unit of the measured value.
 */
export interface HealthThresholds {
  readonly degraded: number;
  readonly unhealthy: number;
}

/** The health status that follows from a measured value. */
export function assess(value: number, { degraded, unhealthy }: HealthThresholds): HealthStatus {
  if (value >= unhealthy) return 'UNHEALTHY';
  return value >= degraded ? 'DEGRADED' : 'HEALTHY';
}

/** Sorts the worst status first. */
export function compareBadness(one: HealthStatus, other: HealthStatus): number {
  return FROM_BEST_TO_WORST.indexOf(other) - FROM_BEST_TO_WORST.indexOf(one);
}

/** The worst of the statuses; HEALTHY if there are none. */
export function worstOf(statuses: readonly HealthStatus[]): HealthStatus {
  return [...statuses].sort(compareBadness)[0] ?? 'HEALTHY';
}
