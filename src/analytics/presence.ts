import { both, isPresent } from '../core/build-filter.ts';
import type { GroupTotals } from './accumulator.ts';
import { answer } from './answers.ts';
import type { Aggregation, Selection } from './execute.ts';
import type { Question } from './question.ts';
import { type Bounds, boundsOf, cutSeries } from './series-buckets.ts';
import type { Answer, Presence, QuerySpec, Scope, SeriesOptions } from './spec.ts';

interface PresenceOptions extends Pick<SeriesOptions, 'grain' | 'timeZone'> {
  readonly dimension: string;
}

/** Reads in which buckets each value of a dimension occurs, and counts them. */
export async function readPresence(
  read: (spec: QuerySpec, selection: Selection) => Promise<[Question, Aggregation]>,
  scope: Scope,
  { dimension, grain, timeZone }: PresenceOptions,
): Promise<Answer<readonly Presence[]>> {
  const buckets = cutSeries(scope.range, grain, timeZone);
  const { boundaries } = buckets;
  const filter = both(isPresent(dimension), scope.filter);
  const spec = { ...scope, filter, dimensions: [dimension], boundaries, measures: [] };
  const [question, aggregation] = await read(spec, { kind: 'all' });
  const values = presenceOf(aggregation.groups.list(), boundsOf(question, buckets));
  return answer(question, aggregation, values);
}

/**
 * Counts the groups with rows in each bucket, and those that also have rows in the bucket before.
 */
function presenceOf(groups: readonly GroupTotals[], bounds: readonly Bounds[]): Presence[] {
  const values = bounds.map(() => 0);
  const returned = bounds.map(() => 0);
  for (const { buckets } of groups) {
    // Without the holes of the sparse array: a group may have rows in few buckets of many.
    for (const index of Object.keys(buckets).map(Number)) {
      values[index] = (values[index] ?? 0) + 1;
      if (buckets[index - 1] !== undefined) returned[index] = (returned[index] ?? 0) + 1;
    }
  }
  return bounds.map((bound, index) => ({
    ...bound,
    values: values[index] ?? 0,
    returned: index === 0 ? null : (returned[index] ?? 0),
  }));
}
