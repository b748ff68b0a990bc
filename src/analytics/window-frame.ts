import { checkBetween } from '../core/check-between.ts';
import { defined } from '../core/defined.ts';
import { InvalidArgument } from '../core/errors.ts';
import { toDuration } from '../core/time/duration.ts';
import type { Interval } from '../core/time/range.ts';
import type { WindowOptions } from './spec.ts';

/** Maximum number of windows in an answer: a week of minutes. */
export const MAX_WINDOWS = 10_080;
/** Maximum number of groups whose windows are in an answer. */
export const MAX_WINDOW_GROUPS = 20;

/** Sliding windows as runs of buckets. Each bucket is read once for all windows that contain it. */
export interface WindowFrame {
  readonly ends: readonly number[];
  /**
   * Every instant at which a window begins or ends, ascending. Where all windows overlap there are
   * no boundaries, so coarse cells can answer there.
   */
  readonly boundaries: readonly number[];
  /**
   * Window i consists of the buckets from `spans[i].first` to the one before `spans[i].end`. Both
   * grow with i.
   */
  readonly spans: readonly { readonly first: number; readonly end: number }[];
}

type Sliding = Pick<WindowOptions, 'width' | 'step'>;

/**
 * The windows that end at `from + step`, `from + 2 step`, … up to `to`.
 *
 * @param since windows that begin before this instant are left out.
 */
export function frameWindows({ from, to }: Interval, { width, step }: Sliding, since: number): WindowFrame {
  const all = Array.from({ length: Math.floor((to - from) / step) }, (_, index) => from + (index + 1) * step);
  const ends = all.filter((end) => end - width >= since);
  const boundaries: number[] = [];
  const firsts: number[] = [];
  const spans: { readonly first: number; readonly end: number }[] = [];
  // Both the beginnings and the ends ascend, so ten thousand windows need neither a sort nor a
  // search.
  while (spans.length < ends.length) {
    const begin = (ends[firsts.length] ?? Number.POSITIVE_INFINITY) - width;
    const end = defined(ends[spans.length]);
    if (begin <= end) firsts.push(boundaries.length);
    if (end <= begin) spans.push({ first: defined(firsts[spans.length]), end: boundaries.length });
    boundaries.push(Math.min(begin, end));
  }
  return { ends, boundaries, spans };
}

/** @throws InvalidArgument at `range`, `top`, `width` or `step`; the message says what fits. */
export function checkWindows({ from, to }: Interval, { width, step, top }: WindowOptions): void {
  checkBetween(top, MAX_WINDOW_GROUPS, 'top');
  checkBetween(width, Number.MAX_SAFE_INTEGER, 'width');
  checkBetween(step, width, 'step');
  const count = Math.floor((to - from) / step);
  if (count < 1) {
    throw new InvalidArgument(
      `No window ends in the range: it must be at least as long as a step, ${toDuration(step)}.`,
      'range',
    );
  }
  if (count <= MAX_WINDOWS) return;
  throw new InvalidArgument(
    `${count.toLocaleString('en')} windows end in this range, one every ${toDuration(step)}; ` +
      `at most ${MAX_WINDOWS.toLocaleString('en')} are allowed. Choose a range of at most ` +
      `${toDuration(step * MAX_WINDOWS)}.`,
    'range',
  );
}
