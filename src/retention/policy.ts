import type { Dataset } from '../core/dataset/dataset.ts';
import type { RetentionDays } from '../core/dataset/retention.ts';

/**
 * Where a policy comes from. `ENVIRONMENT`: its row days are those of RETENTION_DAYS, the rest is
 * declared.
 */
export type PolicySource = 'DECLARED' | 'ENVIRONMENT' | 'OVERRIDE';

/** How long a project keeps what a dataset holds. */
export interface Policy {
  readonly dataset: Dataset;
  readonly days: RetentionDays;
  readonly source: PolicySource;
}

/**
 * The policy in force: the override if there is one, else what the dataset declares; there
 * RETENTION_DAYS takes the place of the general default for rows, but not of row days that a
 * dataset declares for itself.
 */
export function effectivePolicy(
  dataset: Dataset,
  override: RetentionDays | undefined,
  retentionDays: number | null,
): Policy {
  if (override !== undefined) return { dataset, days: override, source: 'OVERRIDE' };
  const { ownRows, ...days } = dataset.retention;
  if (retentionDays === null || ownRows) return { dataset, days, source: 'DECLARED' };
  return { dataset, days: { ...days, rows: retentionDays }, source: 'ENVIRONMENT' };
}
