import type { GroupTotals } from './accumulator.ts';
import type { Bounds } from './series-buckets.ts';
import type { Presence } from './spec.ts';

/** Counts the groups with rows in each bucket, and those that also have rows in the bucket before. */
export function presenceOf(groups: readonly GroupTotals[], bounds: readonly Bounds[]): Presence[] {
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
