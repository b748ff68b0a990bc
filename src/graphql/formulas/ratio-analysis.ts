import { type Ratio, type RatioQuestion, ratioOfTotals } from '../../analytics/formulas/ratio.ts';
import type { Answer, Source } from '../../analytics/spec.ts';
import { type Asked, sourceBeside, sourceOf } from '../analytics/source.ts';
import type { Context } from '../context.ts';

/** A requested ratio, and the answers that its fields have requested so far. */
export interface RatioAnalysis {
  readonly question: RatioQuestion;
  readonly answers: Asked;
  /** The ratio over the whole range, once a field has requested it. */
  totals: Promise<Answer<Ratio>> | null;
}

export function startRatio(question: RatioQuestion): RatioAnalysis {
  return { question, answers: [], totals: null };
}

/** The ratio over the whole range, requested once for all fields. */
export async function totalsOf(analysis: RatioAnalysis, { services }: Context): Promise<Ratio> {
  if (analysis.totals === null) {
    analysis.totals = ratioOfTotals(services.analytics, analysis.question);
    analysis.answers.push(analysis.totals);
  }
  return (await analysis.totals).value;
}

/**
 * The source of the answers beside a field. If there are none, the source of the ratio over the
 * range.
 */
export async function sourceOrTotals(analysis: RatioAnalysis, context: Context): Promise<Source> {
  const source = await sourceBeside(analysis.answers);
  if (source !== null) return source;
  await totalsOf(analysis, context);
  return sourceOf(analysis.answers);
}
