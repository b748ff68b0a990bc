import type { CreateAlertRuleInput } from '../../generated/graphql.ts';
import { isOfOneBucket, type MeasuredQuestion, type MeasuredSeries } from './measured.ts';

/** The number of a rule by time: at each instant that of the window that ends there. */
export interface Rolled {
  readonly times: readonly number[];
  readonly series: readonly {
    readonly key: string;
    readonly label: string;
    readonly values: readonly (number | null)[];
  }[];
}

type Stats = MeasuredSeries['points'][number]['stats'];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const measuresOf = (buckets: readonly Stats[]) =>
  buckets.flatMap(({ measure }) => (measure !== undefined && measure.count > 0 ? [measure] : []));

/** What a window measures, from the buckets that it is made of; null if there is nothing to measure. */
function windowValue(
  buckets: readonly Stats[],
  { aggregate, minimumCount }: CreateAlertRuleInput,
): number | null {
  const count = sum(buckets.map((bucket) => bucket.count));
  if (aggregate === 'COUNT') return count;
  if (count < (minimumCount ?? 0)) return null;
  if (aggregate === 'COUNT_DISTINCT') return buckets.at(-1)?.distinct ?? 0;
  const measured = measuresOf(buckets);
  const total = sum(measured.map((measure) => measure.sum ?? 0));
  switch (aggregate) {
    case 'ERROR_RATE': {
      const failed = sum(buckets.map((bucket) => bucket.failed ?? 0));
      const judged = failed + sum(buckets.map((bucket) => bucket.succeeded ?? 0));
      return judged === 0 ? null : failed / judged;
    }
    case 'SUM':
      return measured.length === 0 ? null : total;
    case 'AVG':
      return measured.length === 0 ? null : total / sum(measured.map((measure) => measure.count));
    case 'MIN':
      return measured.length === 0
        ? null
        : Math.min(...measured.map(({ min }) => min ?? Number.POSITIVE_INFINITY));
    case 'MAX':
      return measured.length === 0
        ? null
        : Math.max(...measured.map(({ max }) => max ?? Number.NEGATIVE_INFINITY));
    default:
      return buckets.at(-1)?.measure?.quantile ?? null;
  }
}

/**
 * Puts buckets together to the windows of a rule.
 *
 * @param from the first instant that is shown; the buckets before it belong to the first windows
 */
export function roll(
  answered: readonly MeasuredSeries[],
  rule: CreateAlertRuleInput,
  { question: { windowMs, grainMs }, from }: { question: MeasuredQuestion; from: number },
): Rolled {
  const isOwn = isOfOneBucket(rule.aggregate);
  const length = isOwn ? 1 : Math.max(Math.round(windowMs / grainMs), 1);
  const groups = rule.groupBy ?? [];
  const shown = answered.filter(({ other }) => !other);
  const ends = (shown[0]?.points ?? []).map(({ end }) => Date.parse(end));
  const first = Math.max(
    ends.findIndex((end) => end >= from),
    0,
  );
  return {
    times: ends.slice(first),
    series: shown.map(({ dimensions, points }) => {
      const label =
        groups.map((_, index) => String(dimensions?.[`d${index}`] ?? 'none')).join(', ') || 'measured';
      const values = points.map((_, at) =>
        windowValue(
          points.slice(Math.max(at - length + 1, 0), at + 1).map(({ stats }) => stats),
          rule,
        ),
      );
      return { key: label, label, values: values.slice(first) };
    }),
  };
}
