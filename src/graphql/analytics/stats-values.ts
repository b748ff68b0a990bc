import type { Stats } from '../../analytics/spec.ts';

/**
 * The share of `part` in the rows; null when there are none or the dataset does not tell success.
 */
export function rate(part: number | null, rowCount: number): number | null {
  return part === null || rowCount === 0 ? null : part / rowCount;
}

/** Rows that did not succeed; null when the dataset does not tell success. */
export function errorCount({ rowCount, successCount }: Stats): number | null {
  return successCount === null ? null : rowCount - successCount;
}

/**
 * The arithmetic mean of a measure; null when no event has it. The measure must be among the wanted
 * ones.
 */
export function meanOf({ measures }: Stats, measure: string): number | null {
  const found = measures.get(measure);
  return found === undefined || found.count === 0 || found.sum === null ? null : found.sum / found.count;
}

/** A quantile of a measure; null when no event has it. */
export function quantileOf({ measures }: Stats, measure: string, p: number): number | null {
  return measures.get(measure)?.quantiles.get(p) ?? null;
}

/** The sum of a measure; 0 when no event has it. */
export function sumOf({ measures }: Stats, measure: string): number {
  return measures.get(measure)?.sum ?? 0;
}

/** Rows that do not have the measure. */
export function unknownCount({ rowCount, measures }: Stats, measure: string): number {
  return rowCount - (measures.get(measure)?.count ?? 0);
}

/**
 * The known sums of a measure in several datasets, together: null when there are events and none of
 * all has it.
 */
export function knownSumOfAll(all: readonly Stats[], measure: string): number | null {
  const known = all.filter(({ measures }) => (measures.get(measure)?.count ?? 0) > 0);
  if (known.length === 0 && all.some(({ rowCount }) => rowCount > 0)) return null;
  return known.reduce((total, stats) => total + sumOf(stats, measure), 0);
}

/**
 * The sum of a measure of which an absent value means unknown: null when there are events and none
 * has it.
 */
export function knownSumOf({ measures }: Stats, measure: string): number | null {
  const found = measures.get(measure);
  return found === undefined ? 0 : found.sum;
}
