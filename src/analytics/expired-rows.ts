import { ROLLUP_WIDTH_MS, type RollupGrain, type RollupSet } from '../core/dataset/rollup-set.ts';
import { InvalidArgument } from '../core/errors.ts';
import { type AvailableFrom, KEPT_SOURCES } from './cover.ts';
import { toIso } from './plan-words.ts';
import type { QuerySpec } from './spec.ts';

/** A question that only rows could answer. */
export interface RowsNeeded {
  readonly spec: QuerySpec;
  readonly availableFrom: (set: RollupSet | null) => AvailableFrom;
  /** The sets that could answer, if it were not for the buckets or for expired data. */
  readonly sets: readonly RollupSet[];
  /** Why no cells answer, in words for users. */
  readonly reason: string;
}

/**
 * Names the finest grain that is still kept where the rows have expired, among the sets that could
 * answer at all.
 */
export function expiredRows(
  instant: number,
  { spec, sets, availableFrom, reason }: RowsNeeded,
): InvalidArgument {
  const finest = KEPT_SOURCES.findLast(
    (source): source is RollupGrain =>
      source !== 'RAW' &&
      sets.some((set) => set.grains.includes(source) && availableFrom(set)[source] <= instant),
  );
  const since = toIso(availableFrom(null).RAW);
  if (finest === undefined) {
    return new InvalidArgument(
      `Rows before ${since} have expired, and no rollup can answer this question there ` +
        `(${reason}). Start the range at ${since} or later.`,
      'range',
    );
  }
  // A caller who asks for the last n days does not choose where the range begins.
  const width = ROLLUP_WIDTH_MS[finest];
  const example =
    instant === spec.boundaries[0]
      ? `, for example from ${toIso(Math.ceil(instant / width) * width)} on`
      : '';
  return new InvalidArgument(
    `Rows before ${since} have expired; ${finest} is the finest grain available there. Start ` +
      `and end the range and its buckets at a full UTC ${finest.toLowerCase()}${example}.`,
    'range',
  );
}
