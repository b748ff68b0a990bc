import type { RulePolicy } from './rule.ts';

/** How bad a number is. */
export type Level = 'OK' | 'WARNING' | 'CRITICAL';
export type Bad = Exclude<Level, 'OK'>;

export const RANK: Readonly<Record<Level, number>> = { OK: 0, WARNING: 1, CRITICAL: 2 };

/**
 * Since when every evaluation has found this level or a worse one, in epoch milliseconds. Null if
 * the last one did not.
 */
export interface LevelsSince {
  readonly warningSince: number | null;
  readonly criticalSince: number | null;
}

/** The level of one value, which is null if there was nothing to measure. */
export function levelOf(policy: RulePolicy, value: number | null): Level {
  if (value === null) return policy.absent === 'KEEP' ? 'OK' : policy.absent;
  if (passes(policy, value, policy.critical)) return 'CRITICAL';
  return passes(policy, value, policy.warning) ? 'WARNING' : 'OK';
}

const passes = ({ comparator }: RulePolicy, value: number, threshold: number | null): boolean =>
  threshold !== null && COMPARE[comparator](value, threshold);

/** Whether a value passes a threshold. */
export const COMPARE: Readonly<
  Record<RulePolicy['comparator'], (value: number, threshold: number) => boolean>
> = {
  GT: (value, threshold) => value > threshold,
  GTE: (value, threshold) => value >= threshold,
  LT: (value, threshold) => value < threshold,
  LTE: (value, threshold) => value <= threshold,
};

/** The worst level that has lasted for as long as the rule requires. */
export function heldLevel(
  { forMs }: RulePolicy,
  { warningSince, criticalSince }: LevelsSince,
  now: number,
): Level {
  if (criticalSince !== null && now - criticalSince >= forMs) return 'CRITICAL';
  return warningSince !== null && now - warningSince >= forMs ? 'WARNING' : 'OK';
}

/**
 * The threshold of the level. A rule without `warning` may still hold WARNING, if missing data
 * counted as WARNING before: then the threshold is `critical`.
 */
export function passedThreshold({ warning, critical }: RulePolicy, level: Bad): number | null {
  return level === 'CRITICAL' ? critical : (warning ?? critical);
}
