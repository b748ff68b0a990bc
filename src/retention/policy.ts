import type { Dataset } from '../core/dataset/dataset.ts';
import type { RetentionDays } from '../core/dataset/retention.ts';

/**
 * The source of a policy. `ENVIRONMENT`: RETENTION_DAYS gives the row days, the declaration the
 * rest.
 */
export type PolicySource = 'DECLARED' | 'ENVIRONMENT' | 'OVERRIDE';

/** How long a project keeps the data of a dataset. */
export interface Policy {
  readonly dataset: Dataset;
  readonly days: RetentionDays;
  readonly source: PolicySource;
}

/**
 * The policy in force: the override if there is one, otherwise what the dataset declares.
 * RETENTION_DAYS replaces the general default for rows, but not row days that a dataset declares
 * itself.
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
