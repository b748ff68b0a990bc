import type { AskedRange } from '../../core/time/range.ts';
import type { Analytics } from '../analytics.ts';
import { mergeSources } from '../merge-sources.ts';
import type { Answer, Stats } from '../spec.ts';
import { askUntilAllAgree, type Together } from './agree.ts';
import { type FormulaScope, measuresOf, numberOf, type Side, scopeOf } from './side.ts';

export type SideName = 'numerator' | 'denominator';

/** A value for each side. */
export type OfBoth<Value> = Readonly<Record<SideName, Value>>;

/** A number of some events, divided by a number of other events. */
export interface RatioQuestion extends FormulaScope, OfBoth<Side> {}

/** A ratio and its sides. A side is null if it is not known. */
export interface Ratio extends OfBoth<number | null> {
  /** Null if the denominator is 0, or a side is null. */
  readonly value: number | null;
}

const UNKNOWN: Ratio = { value: null, numerator: null, denominator: null };

/**
 * Divides the numbers of the sides, which come from the statistics of each. Null statistics: the
 * side has no events.
 */
export function divide(question: RatioQuestion, stats: OfBoth<Stats | null>): Ratio {
  const numerator = numberOf(question.numerator, stats.numerator);
  const denominator = numberOf(question.denominator, stats.denominator);
  const isKnown = numerator !== null && denominator !== null && denominator !== 0;
  return { value: isKnown ? numerator / denominator : null, numerator, denominator };
}

/**
 * The ratio over the whole range. All its numbers are null if the datasets no longer have any part
 * of the range in common.
 */
export async function ratioOfTotals(
  analytics: Pick<Analytics, 'totals'>,
  question: RatioQuestion,
): Promise<Answer<Ratio>> {
  const { value, source } = await askBoth(question, async (range) => {
    const ask = (side: Side) => analytics.totals(scopeOf({ ...question, range }, side), measuresOf(side));
    const [numerator, denominator] = await Promise.all([ask(question.numerator), ask(question.denominator)]);
    const stats = { numerator: numerator.value, denominator: denominator.value };
    return { value: divide(question, stats), sources: [numerator.source, denominator.source] };
  });
  return { value: value ?? UNKNOWN, source };
}

/** Asks both sides for the same range, unless the question compares two ranges. */
export async function askBoth<Value>(
  { numerator, denominator, range }: RatioQuestion,
  ask: (range: AskedRange) => Promise<Together<Value>>,
): Promise<Answer<Value | null>> {
  if (numerator.earlier === null && denominator.earlier === null) return askUntilAllAgree(range, ask);
  const { value, sources } = await ask(range);
  return { value, source: mergeSources(sources) };
}
