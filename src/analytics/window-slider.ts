import { type Accumulator, toStats } from './accumulator.ts';
import type { Question } from './question.ts';
import { createSlidingTotals } from './sliding-totals.ts';
import type { Stats } from './spec.ts';
import type { WindowFrame } from './window-frame.ts';

/** The windows of one group, computed as its buckets arrive. */
export interface WindowSlider<Value> {
  /**
   * Adds the next `count` buckets. The list may be shorter, and may have holes where there are no
   * rows.
   */
  push(buckets: readonly (Accumulator | undefined)[], count: number): void;
  readonly windows: readonly (Value | undefined)[];
}

export function createWindowSlider<Value>(
  question: Question,
  { spans }: WindowFrame,
  keep: (stats: Stats) => Value,
): WindowSlider<Value> {
  const totals = createSlidingTotals(question.measures);
  const windows: (Value | undefined)[] = [];
  let first = 0;
  let end = 0;

  function next(bucket: Accumulator | undefined): void {
    totals.push(bucket);
    end++;
    const span = spans[windows.length];
    if (span?.end !== end) return;
    for (; first < span.first; first++) totals.drop();
    const total = totals.total();
    windows.push(total === undefined ? undefined : keep(toStats(question, total)));
  }

  return {
    windows,
    push(buckets, count) {
      for (let index = 0; index < count; index++) next(buckets[index]);
    },
  };
}
