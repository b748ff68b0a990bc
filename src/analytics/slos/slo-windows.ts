import { both } from '../../core/build-filter.ts';
import type { Analytics } from '../analytics.ts';
import { mergeSources } from '../merge-sources.ts';
import type { Answer, SlidingWindows, Stats, WindowOptions } from '../spec.ts';
import type { SloCounts } from './error-budget.ts';
import { fromSuccess, type SloScope, scopeOf } from './slo-counts.ts';

/** The events of windows that slide over a range, by the ends of the windows, ascending. */
export type SlidingCounts = ReadonlyMap<number, SloCounts>;

const NOTHING: SloCounts = { events: 0, good: 0 };

/** Counts the events of an SLO, and the good ones, in sliding windows. See `Analytics.windows`. */
export async function countSloInWindows(
  analytics: Pick<Analytics, 'windows'>,
  asked: SloScope,
  sliding: Pick<WindowOptions, 'width' | 'step'>,
): Promise<Answer<SlidingCounts>> {
  const scope = scopeOf(asked);
  const options = { ...sliding, dimensions: [], top: 1 };
  const { good } = asked.slo;
  if (good === null) {
    const { value, source } = await analytics.windows(scope, [], options, fromSuccess);
    return { value: byEnd(value, NOTHING), source };
  }
  const count = ({ rowCount }: Stats): number => rowCount;
  const [all, ofGood] = await Promise.all([
    analytics.windows(scope, [], options, count),
    analytics.windows({ ...scope, filter: both(good, scope.filter) }, [], options, count),
  ]);
  const goodByEnd = byEnd(ofGood.value, 0);
  // The two answers may have different data left: windows that one of them lacks are left out.
  const counts = [...byEnd(all.value, 0)].flatMap(([end, events]) => {
    const found = goodByEnd.get(end);
    return found === undefined ? [] : [[end, { events, good: found }] as const];
  });
  return { value: new Map(counts), source: mergeSources([all.source, ofGood.source]) };
}

/** @param ofNothing the value of a window without rows */
function byEnd<Value>({ ends, groups }: SlidingWindows<Value>, ofNothing: Value): ReadonlyMap<number, Value> {
  const values = groups[0]?.values ?? [];
  return new Map(ends.map((end, index) => [end, values[index] ?? ofNothing]));
}
