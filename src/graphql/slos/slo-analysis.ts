import type { SloCounts } from '../../analytics/slos/error-budget.ts';
import type { Slo } from '../../analytics/slos/slo.ts';
import { countSlo, type SloScope } from '../../analytics/slos/slo-counts.ts';
import type { Answer, Source } from '../../analytics/spec.ts';
import { type Asked, answered, sourceBeside, sourceOf } from '../analytics/source.ts';
import type { Context } from '../context.ts';

/** The status of an SLO at one instant, and the answers that its fields have requested so far. */
export interface SloAnalysis extends SloScope {
  /** Epoch milliseconds: the end of all ranges of the analysis. */
  readonly now: number;
  readonly answers: Asked;
  /** The counts by the start of the range. Fields with the same range share an answer. */
  readonly counts: Map<number, Promise<Answer<SloCounts | null>>>;
}

/** Starts the status of the SLO over its window, which ends now. */
export function startSlo(slo: Slo, { projectId, services }: Context): SloAnalysis {
  const now = services.clock.now();
  const range = { from: now - slo.windowMs, to: now };
  return { projectId, slo, range, now, answers: [], counts: new Map() };
}

/**
 * The events from an instant until now, counted once for all fields. Null if no data of the range
 * is kept.
 */
export async function countSince(
  { answers, counts, ...asked }: SloAnalysis,
  from: number,
  { services }: Context,
): Promise<SloCounts | null> {
  const known = counts.get(from);
  if (known !== undefined) return (await known).value;
  const answer = countSlo(services.analytics, { ...asked, range: { from, to: asked.now } });
  counts.set(from, answer);
  return answered(answers, answer);
}

/** The events of the window. */
export const countWindow = (analysis: SloAnalysis, context: Context): Promise<SloCounts | null> =>
  countSince(analysis, analysis.range.from, context);

/**
 * The source of the answers beside a field. If there are none, the source of the events of the
 * window.
 */
export async function sourceOrWindow(analysis: SloAnalysis, context: Context): Promise<Source> {
  const source = await sourceBeside(analysis.answers);
  if (source !== null) return source;
  await countWindow(analysis, context);
  return sourceOf(analysis.answers);
}
