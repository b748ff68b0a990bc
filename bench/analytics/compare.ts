import type { AnswerRow, Question } from './questions.ts';

/** The last digits of a sum of doubles depend on the order of the additions. */
const EXACT_TOLERANCE = 1e-9;
/** Maximum relative error of quantiles from rollups. */
const QUANTILE_TOLERANCE = 0.01;

/**
 * Compares two answers. They must have the same rows with equal counts and sums. Quantiles must be
 * within 1 % of the two values around the exact quantile.
 *
 * @throws Error that says what differs.
 */
export function assertSameAnswer(
  question: Question,
  reference: readonly AnswerRow[],
  candidate: readonly AnswerRow[],
  sortedValues: ReadonlyMap<string, readonly number[]>,
): void {
  const byKey = new Map(candidate.map((row) => [row.key, row]));
  if (byKey.size !== reference.length || candidate.length !== reference.length) {
    throw new Error(`${question.name}: ${candidate.length} rows instead of ${reference.length}`);
  }
  for (const expected of reference) {
    const row = byKey.get(expected.key);
    if (row === undefined) throw new Error(`${question.name}: no row for ${expected.key}`);
    expected.exact.forEach((value, index) => {
      const other = row.exact[index] as number;
      if (!(Math.abs(value - other) <= EXACT_TOLERANCE * Math.abs(value))) {
        throw new Error(`${question.name}, ${expected.key}: ${other} instead of ${value} (number ${index})`);
      }
    });
    question.quantiles.forEach((p, index) => {
      assertQuantile(
        `${question.name}, ${expected.key}`,
        sortedValues.get(expected.key) ?? [],
        p,
        row.quantiles[index] as number,
      );
    });
  }
}

function assertQuantile(where: string, values: readonly number[], p: number, given: number): void {
  const rank = (values.length - 1) * p;
  const low = (values[Math.floor(rank)] as number) * (1 - QUANTILE_TOLERANCE);
  const high = (values[Math.ceil(rank)] as number) * (1 + QUANTILE_TOLERANCE);
  if (!(given >= low && given <= high))
    throw new Error(`${where}: p${p * 100} is ${given}, not within ${low} to ${high}`);
}
