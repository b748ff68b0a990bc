import { compareBadness, type HealthStatus, worstOf } from '../core/health-status.ts';

/** The result of one check. */
export interface Finding {
  readonly status: HealthStatus;
  /** A sentence: what was found where, and the threshold that it reached. */
  readonly reason: string;
}

export interface HealthDecision {
  readonly status: HealthStatus;
  /** The reasons in words, the worst first. */
  readonly reasons: readonly string[];
}

/**
 * The worst finding determines the status. If something is wrong, positive findings are not
 * reasons.
 */
export function decideHealth(findings: readonly Finding[]): HealthDecision {
  const status = worstOf(findings.map((finding) => finding.status));
  const reported = status === 'HEALTHY' ? findings : findings.filter(isBad);
  const sorted = [...reported].sort((one, other) => compareBadness(one.status, other.status));
  return { status, reasons: sorted.map(({ reason }) => reason) };
}

export function isBad({ status }: Finding): boolean {
  return status !== 'HEALTHY';
}
