import { columnOf, type EntityTable } from '../core/dataset/table.ts';
import { alertDeliveries } from '../declarations/alerts/alert-deliveries.ts';
import { alerts } from '../declarations/alerts/alerts.ts';
import { metricChanges } from '../declarations/catalog/metric-changes.ts';
import { metrics } from '../declarations/catalog/metrics.ts';
import { validationTests } from '../declarations/catalog/validation-tests.ts';

/** Rows of one table that belong to a row of another. Both have the same value in these columns. */
export interface Reference {
  readonly from: EntityTable;
  readonly to: EntityTable;
  /** The SQL name of the column in both tables. */
  readonly column: string;
  /** Rows with this value in this column belong to nothing. */
  readonly unless?: { readonly column: string; readonly value: string };
  /**
   * Retention removes the owner first. Only rows written some days or more after the horizon of
   * states must have an owner.
   */
  readonly isKeptLonger?: true;
}

const refers = (from: EntityTable, to: EntityTable, key: string): Reference => {
  const { sqlName: column } = columnOf(from, key);
  columnOf(to, key);
  return { from, to, column };
};

/**
 * The rows that must exist for another row to have a meaning. Events are not included: a call may
 * name a request that nobody recorded.
 */
export const REFERENCES: readonly Reference[] = [
  refers(metricChanges, metrics, 'metricId'),
  refers(validationTests, metrics, 'metricId'),
  {
    ...refers(alertDeliveries, alerts, 'alertId'),
    unless: { column: columnOf(alertDeliveries, 'event').sqlName, value: 'TEST' },
    isKeptLonger: true,
  },
];
