import { formatValue, type Unit } from '../../format/value.ts';
import { toShortDuration } from './durations.ts';

/** What a rule measures. */
export interface Measured {
  readonly aggregate: string;
  readonly measure?: string | null;
}

export interface Condition extends Measured {
  readonly dataset: string;
  readonly quantile?: number | null;
  readonly window: string;
  readonly comparator: string;
  readonly warning?: number | null;
  readonly critical?: number | null;
}

/** The unit of a measure, by its name. */
function unitOfMeasure(measure: string): Unit {
  if (measure.endsWith('Ms')) return 'ms';
  if (/cost/i.test(measure)) return 'usd';
  return /tokens/i.test(measure) ? 'tokens' : 'number';
}

/** The unit of what a rule measures, and of its thresholds. */
export function unitOf({ aggregate, measure }: Measured): Unit {
  if (aggregate === 'COUNT' || aggregate === 'COUNT_DISTINCT') return 'count';
  if (aggregate === 'ERROR_RATE') return 'ratio';
  return aggregate === 'BURN_RATE' || !measure ? 'number' : unitOfMeasure(measure);
}

export const COMPARATORS: Readonly<Record<string, string>> = { GT: '>', GTE: '≥', LT: '<', LTE: '≤' };

/** What a rule measures, in words: "p95 of latencyMs". */
export function numberInWords({
  aggregate,
  measure,
  quantile,
}: Omit<Condition, 'window' | 'comparator'>): string {
  const words: Readonly<Record<string, string>> = {
    COUNT: 'number of events',
    ERROR_RATE: 'error rate',
    BURN_RATE: 'burn rate',
    COUNT_DISTINCT: `different ${measure}`,
    QUANTILE: `p${Number(((quantile ?? 0) * 100).toFixed(3))} of ${measure}`,
  };
  return words[aggregate] ?? `${aggregate.toLowerCase()} of ${measure}`;
}

/** A rule in words: "requestLogs: p95 of latencyMs over 15m > 500 ms, critical 1.5 s". */
export function conditionInWords(rule: Condition): string {
  const unit = unitOf(rule);
  const levels = [
    rule.warning == null ? [] : formatValue(rule.warning, unit),
    rule.critical == null ? [] : `critical ${formatValue(rule.critical, unit)}`,
  ].flat();
  const sign = COMPARATORS[rule.comparator] ?? rule.comparator;
  return `${rule.dataset}: ${numberInWords(rule)} over ${toShortDuration(rule.window)} ${sign} ${levels.join(', ')}`;
}

/** How much an evaluation measured: "3 groups". */
export const groupsInWords = (count: number): string =>
  count === 1 ? '1 group' : `${formatValue(count, 'count')} groups`;

/** Labels in words: "provider: openai, model: gpt-4o"; empty for a rule without groups. */
export function labelsInWords(labels: unknown): string {
  if (labels === null || typeof labels !== 'object') return '';
  return Object.entries(labels)
    .map(([name, value]) => `${name}: ${value ?? 'none'}`)
    .join(', ');
}
