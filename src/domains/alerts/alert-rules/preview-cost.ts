import { shortWindowOf } from '../../../alerting/rules/burn-rate.ts';
import { previewStep } from '../../../alerting/rules/preview-step.ts';
import type { WantedMeasure } from '../../../analytics/spec.ts';
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
 * The cost of a preview: that of its windows. Input that the resolver rejects costs nothing.
 *
 * @throws InvalidArgument if the filter is not valid.
 */
export function costOfPreview(
  { datasets }: Pick<TypeRegistry, 'datasets'>,
  input: Readonly<Record<string, unknown>>,
  range: Interval,
): FieldCost {
  const windowMs = durationMs(String(input['window']));
  if (windowMs === null) return { rows: 0 };
  if (input['aggregate'] === 'BURN_RATE') return { rows: costOfBurnRates({ datasets }, windowMs, range) };
  const dataset = datasets.find(({ name }) => name === input['dataset']);
  if (dataset === undefined || windowMs < MIN_WINDOW_MS) return { rows: 0 };
  const dimensions = Array.isArray(input['groupBy']) ? input['groupBy'].map(String) : [];
  const measures = countedIn(input);
  const question = { dataset, range, filter: readFilter(dataset, input['filter']), dimensions, measures };
  const step = measures.length > 0 ? windowMs : previewStep(windowMs, range);
  return { rows: costOfWindows(question, { width: windowMs, step }) };
}

/** Distinct values are counted from rows, once per window. */
const countedIn = ({ aggregate, measure }: Readonly<Record<string, unknown>>): readonly WantedMeasure[] =>
  aggregate === 'COUNT_DISTINCT' && typeof measure === 'string'
    ? [{ measure, quantiles: [], totals: ['distinct'] }]
    : [];

/**
 * The cost of all events and of the good ones, in long and in short windows. The dataset is stored
 * in the SLO, so the most expensive dataset counts.
 */
function costOfBurnRates(
  { datasets }: Pick<TypeRegistry, 'datasets'>,
  windowMs: number,
  range: Interval,
): number {
  const short = shortWindowOf(windowMs);
  if (short < MIN_WINDOW_MS) return 0;
  const step = previewStep(short, range);
  const costOf = (width: number) =>
    datasets.map((dataset) => {
      const question = { dataset, range, filter: null, dimensions: [], measures: [] };
      return costOfWindows(question, { width, step });
    });
  return 2 * (Math.max(...costOf(windowMs)) + Math.max(...costOf(short)));
}
