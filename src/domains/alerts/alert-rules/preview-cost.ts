import { previewStep } from '../../../alerting/rules/preview-step.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import { defined } from '../../../core/defined.ts';
import { durationMs } from '../../../core/time/duration.ts';
import type { Interval } from '../../../core/time/range.ts';
import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import { readFilter } from '../../../filter/read-filter.ts';
import { costOfWindows } from '../../../graphql/analytics/analytics-cost.ts';
import type { FieldCost } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** The step of evaluations depends on the window. */
const MIN_WINDOW_MS = defined(columnOf(alertRules, 'window').min);

/**
 * What a preview costs: its windows. Input that the resolver refuses costs nothing.
 *
 * @throws InvalidArgument if the filter is not valid.
 */
export function costOfPreview(
  { datasets }: Pick<TypeRegistry, 'datasets'>,
  input: Readonly<Record<string, unknown>>,
  range: Interval,
): FieldCost {
  const dataset = datasets.find(({ name }) => name === input['dataset']);
  const windowMs = durationMs(String(input['window']));
  if (dataset === undefined || windowMs === null || windowMs < MIN_WINDOW_MS) return { rows: 0 };
  const dimensions = Array.isArray(input['groupBy']) ? input['groupBy'].map(String) : [];
  const question = {
    dataset,
    range,
    filter: readFilter(dataset, input['filter']),
    dimensions,
    measures: [],
  };
  return { rows: costOfWindows(question, { width: windowMs, step: previewStep(windowMs, range) }) };
}
