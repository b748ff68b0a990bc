import { integer, json, text } from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { defineState } from '../../core/dataset/state.ts';
import { metricId } from './metric-id.ts';

/** Changes in the catalog, and who made them (source 2, `metric_history`). */
export const metricChanges = defineState({
  name: 'metricChanges',
  entity: 'MetricChange',
  table: 'metric_changes',
  description:
    'One field that an update of a metric changed: the old and new value, who changed it, and when.',
  writtenOnce: 'changedAt',
  columns: {
    metricId: metricId({ description: 'The metric.' }),
    version: integer({
      sortable: true,
      description: 'The version of the metric after the update.',
    }),
    field: text({ description: 'The changed field, for example "calculation".' }),
    oldValue: json({ optional: true, anyJson: true, description: 'The old value; null if there was none.' }),
    newValue: json({ optional: true, anyJson: true, description: 'The new value; null if there is none.' }),
    changedBy: text({ pattern: NOT_BLANK, description: 'Who changed it.' }),
    comment: text({ optional: true, maxLength: 2000, description: 'The reason, in words.' }),
    revertedTo: integer({
      optional: true,
      description: 'The version that the update restored; null if the update was not a revert.',
    }),
  },
});
