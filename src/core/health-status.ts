const FROM_BEST_TO_WORST = ['HEALTHY', 'DEGRADED', 'UNHEALTHY'] as const;

/** How something does. */
export type HealthStatus = (typeof FROM_BEST_TO_WORST)[number];

/**
 * From which value on something does badly; `degraded` is at most `unhealthy`. Both are in the unit
 * of the value.
 */
export interface HealthThresholds {
  readonly degraded: number;
  readonly unhealthy: number;
}

/** What a value says about the health of what it is measured at. */
export function judge(value: number, { degraded, unhealthy }: HealthThresholds): HealthStatus {
  if (value >= unhealthy) return 'UNHEALTHY';
  return value >= degraded ? 'DEGRADED' : 'HEALTHY';
}

/** Sorts the worst first. */
export function compareBadness(one: HealthStatus, other: HealthStatus): number {
  return FROM_BEST_TO_WORST.indexOf(other) - FROM_BEST_TO_WORST.indexOf(one);
}

/** The worst decides; of nothing it is HEALTHY. */
export function worstOf(statuses: readonly HealthStatus[]): HealthStatus {
  return [...statuses].sort(compareBadness)[0] ?? 'HEALTHY';
}
