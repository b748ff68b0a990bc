import { checkBetween } from '../core/check-between.ts';
import type { Analytics } from './analytics.ts';
import { answer, toDistribution } from './answers.ts';
import type { Distribution, DistributionOptions } from './distribution-spec.ts';
import type { Aggregation, Selection } from './execute.ts';
import { mergeSources } from './merge-sources.ts';
import type { Question } from './question.ts';
import { boundsOf, cutSeries, wholeRange } from './series-buckets.ts';
import type { Answer, QuerySpec, Scope } from './spec.ts';
import { cutValues, findBounds } from './value-bounds.ts';

/** Maximum number of buckets of a histogram. */
export const MAX_VALUE_BUCKETS = 200;

interface DistributionReader extends Pick<Analytics, 'keptRows'> {
  /** Executes a question. */
  read(spec: QuerySpec, selection: Selection): Promise<[Question, Aggregation]>;
}

/** Finds the bounds of the buckets, and then counts the values in them. */
export async function readDistribution(
  { read, keptRows }: DistributionReader,
  scope: Scope,
  options: DistributionOptions,
): Promise<Answer<Distribution>> {
  checkBetween(options.buckets, MAX_VALUE_BUCKETS, 'buckets');
  const { measure, time } = options;
  const points = time === null ? wholeRange(scope.range) : cutSeries(scope.range, time.grain, time.timeZone);
  // Values whose rows have expired are not counted, so they must not influence the bounds.
  const kept = scope.archive === true ? scope : (await keptRows(scope)).source;
  const known = { ...scope, range: { ...scope.range, ...kept.range } };
  const { bounds, asked } = await findBounds(read, known, options);
  const measures = [{ measure, quantiles: [], totals: [], edges: cutValues(bounds, options) }];
  const spec = { ...scope, dimensions: [], boundaries: points.boundaries, measures };
  const counted = await read(spec, { kind: 'all' });
  const value = toDistribution(...counted, boundsOf(counted[0], points));
  const sources = [...asked, counted].map((one) => answer(...one, null).source);
  return { value, source: mergeSources(sources) };
}
