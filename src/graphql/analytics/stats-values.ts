import type { Stats } from '../../analytics/spec.ts';

/** `part` as a share of the rows; null if there are none or the dataset does not record success. */
export function rate(part: number | null, rowCount: number): number | null {
  return part === null || rowCount === 0 ? null : part / rowCount;
}

/** The number of rows that did not succeed; null if the dataset does not record success. */
export function errorCount({ rowCount, successCount }: Stats): number | null {
  return successCount === null ? null : rowCount - successCount;
}

/**
 * The arithmetic mean of a measure; null if no event has it. The question must have requested the
 * measure.
 */
export function meanOf({ measures }: Stats, measure: string): number | null {
  const found = measures.get(measure);
  return found === undefined || found.count === 0 || found.sum === null ? null : found.sum / found.count;
}

/** A quantile of a measure; null if no event has it. */
export function quantileOf({ measures }: Stats, measure: string, p: number): number | null {
  return measures.get(measure)?.quantiles.get(p) ?? null;
}

/** The sum of a measure; 0 if no event has it. */
export function sumOf({ measures }: Stats, measure: string): number {
  return measures.get(measure)?.sum ?? 0;
}

/** The number of rows without the measure. */
export function unknownCount({ rowCount, measures }: Stats, measure: string): number {
  return rowCount - (measures.get(measure)?.count ?? 0);
}

/**
 * The sum of a measure over several datasets, for a measure whose absence means unknown. Null if
 * there are events but none of them has it.
 */
export function knownSumOfAll(all: readonly Stats[], measure: string): number | null {
  const known = all.filter(({ measures }) => (measures.get(measure)?.count ?? 0) > 0);
  if (known.length === 0 && all.some(({ rowCount }) => rowCount > 0)) return null;
  return known.reduce((total, stats) => total + sumOf(stats, measure), 0);
}

/** The sum of a measure whose absence means unknown. Null if there are events but none has it. */
export function knownSumOf({ measures }: Stats, measure: string): number | null {
  const found = measures.get(measure);
  return found === undefined ? 0 : found.sum;
}
