import type { StoredRule } from '../../../alerting/rules/rule.ts';
import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import { inputColumns } from '../../../graphql/events/event-input.ts';
import { changedFields as changedOf } from '../../../graphql/states/changed-fields.ts';
import type { PrismaValues } from '../../../graphql/states/state-values.ts';

/**
 * The columns that a client may set in a new rule, in declared order. The server sets `createdAt`.
 */
export const ruleColumns = inputColumns(alertRules).filter(({ name }) => name !== 'createdAt');

const FIXED: readonly string[] = ['ruleId', 'enabled'];

/** The columns that an update may change. */
export const updatableColumns = ruleColumns.filter(({ name }) => !FIXED.includes(name));

/**
 * The columns that determine which alerts are raised. A change of the others leaves open alerts
 * valid.
 */
const DECIDING: ReadonlySet<string> = new Set([
  'dataset',
  'sloId',
  'filter',
  'aggregate',
  'measure',
  'quantile',
  'groupBy',
  'comparator',
  'warning',
  'critical',
  'window',
  'for',
  'minimumCount',
  'absent',
]);

/** The fields that `wanted` changes, in declared order. "PT60S" does not change "PT1M". */
export const changedFields = (present: StoredRule, wanted: PrismaValues): string[] =>
  changedOf(updatableColumns, present, wanted);

/** Whether a change of these fields invalidates what the rule has found so far. */
export function changesFindings(fields: readonly string[]): boolean {
  return fields.some((field) => DECIDING.has(field));
}
