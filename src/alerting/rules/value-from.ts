import type { Stats, WantedMeasure } from '../../analytics/spec.ts';
import type { EventQuestion, RuleQuestion } from './rule.ts';

/** The measures that analytics must read to answer the question. */
export function wantedMeasures({
  aggregate,
  measure,
  quantile,
}: Pick<RuleQuestion, 'aggregate' | 'measure' | 'quantile'>): readonly WantedMeasure[] {
  if (measure === null) return [];
  if (aggregate === 'COUNT_DISTINCT') return [{ measure, quantiles: [], totals: ['distinct'] }];
  return [{ measure, quantiles: quantile === null ? [] : [quantile] }];
}

/**
 * The number that the question asks for, in public units (USD, not nano-USD). Null if there is
 * nothing to measure, or fewer events than the question requires. A count (also of distinct values)
 * over no events is 0. A sum over no events is null, because an absent cost is unknown and not
 * free.
 *
 * @param stats with the wanted measures; null if there are no events
 */
export function valueFrom(
  question: Pick<EventQuestion, 'aggregate' | 'measure' | 'quantile' | 'minimumCount'>,
  stats: Stats | null,
): number | null {
  const { aggregate, minimumCount } = question;
  const rowCount = stats?.rowCount ?? 0;
  if (rowCount < minimumCount) return null;
  if (aggregate === 'COUNT') return rowCount;
  if (aggregate === 'COUNT_DISTINCT') return distinctOf(question, stats);
  if (stats === null || rowCount === 0) return null;
  if (aggregate !== 'ERROR_RATE') return measureOf(question, stats);
  return stats.successCount === null ? null : (rowCount - stats.successCount) / rowCount;
}

const distinctOf = ({ measure }: Pick<EventQuestion, 'measure'>, stats: Stats | null): number =>
  (measure === null ? null : stats?.measures.get(measure)?.distinct) ?? 0;

/** The number if there are no events. */
export const valueOfNothing = (question: RuleQuestion): number | null =>
  question.aggregate === 'BURN_RATE' ? null : valueFrom(question, null);

function measureOf(
  { aggregate, measure, quantile }: Pick<EventQuestion, 'aggregate' | 'measure' | 'quantile'>,
  { measures }: Stats,
): number | null {
  const found = measure === null ? undefined : measures.get(measure);
  if (found === undefined || found.count === 0) return null;
  switch (aggregate) {
    case 'SUM':
      return found.sum;
    case 'AVG':
      return found.sum === null ? null : found.sum / found.count;
    case 'MIN':
      return found.min;
    case 'MAX':
      return found.max;
    default:
      return quantile === null ? null : (found.quantiles.get(quantile) ?? null);
  }
}
