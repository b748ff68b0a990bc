import type { DimensionValues } from '../../analytics/spec.ts';
import { MAX_WINDOW_GROUPS } from '../../analytics/window-frame.ts';
import type { Preview } from './preview.ts';
import { valueOfNothing } from './value-from.ts';

/** A preview evaluates no more groups. */
export const MAX_MEASURED_GROUPS = MAX_WINDOW_GROUPS;

/** What a rule would have measured over time. */
export interface Measured {
  /** When it was measured, in epoch milliseconds, ascending. */
  readonly times: readonly number[];
  /** The groups with the most events first. */
  readonly groups: readonly MeasuredGroup[];
}

export interface MeasuredGroup {
  readonly labels: DimensionValues;
  /** One for each of the times; null if there was nothing to measure. */
  readonly values: readonly (number | null)[];
}

export interface MeasuredOptions {
  /** The maximum number of groups. */
  readonly top: number;
  /** The maximum number of times. */
  readonly points: number;
}

/**
 * The values of a preview. If evaluations share a point, it shows the value closest to firing, or
 * furthest beyond, so that no point hides a passed threshold. All points but the last represent the
 * same number of evaluations. Each has the time of its last one.
 */
export function measuredIn({ windows, rule }: Preview, { top, points }: MeasuredOptions): Measured {
  const { ends, groups } = windows;
  const size = Math.max(Math.ceil(ends.length / points), 1);
  const starts = Array.from({ length: Math.ceil(ends.length / size) }, (_, at) => at * size);
  const worst = rule.policy.comparator.startsWith('G') ? Math.max : Math.min;
  const ofNothing = valueOfNothing(rule.question);
  return {
    times: starts.map((start) => ends[Math.min(start + size, ends.length) - 1] ?? start),
    groups: groups.slice(0, top).map(({ dimensions, values }) => ({
      labels: dimensions,
      values: starts.map((start) => {
        const shared = ends.slice(start, start + size).map((_, at) => values[start + at]);
        const measured = shared.map((value) => (value === undefined ? ofNothing : value));
        return measured.reduce((one, other) =>
          one === null || other === null ? (one ?? other) : worst(one, other),
        );
      }),
    })),
  };
}
