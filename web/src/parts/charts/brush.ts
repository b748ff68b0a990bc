import type uPlot from 'uplot';
import { stepOf } from './plot.ts';

/** The buckets selected by keyboard: from the start of the selection to its current end. */
export interface Brushed {
  readonly anchor: number;
  readonly at: number;
}

/** What a key does to a chart. */
export type BrushStep =
  | { readonly kind: 'move'; readonly brushed: Brushed }
  | { readonly kind: 'zoom'; readonly brushed: Brushed }
  | { readonly kind: 'clear' }
  | { readonly kind: 'leave' };

/** Page Up and Page Down move by this share of the chart. */
const PAGE_SHARE = 0.1;

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey'>;

/**
 * Arrows move the instant; with Shift they select a range. Enter zooms into it. Escape clears the
 * selection, and then leaves the chart.
 *
 * @param brushed null if no instant is shown yet
 * @returns null for keys without a meaning here
 */
export function brushStep(
  { key, shiftKey }: Pressed,
  brushed: Brushed | null,
  count: number,
): BrushStep | null {
  const isChosen = brushed !== null && brushed.anchor !== brushed.at;
  if (key === 'Escape') return { kind: isChosen ? 'clear' : 'leave' };
  if (key === 'Enter') return isChosen ? { kind: 'zoom', brushed } : null;
  const at = target(key, brushed?.at ?? null, count);
  if (at === null) return null;
  return { kind: 'move', brushed: { at, anchor: shiftKey && brushed !== null ? brushed.anchor : at } };
}

function target(key: string, at: number | null, count: number): number | null {
  const page = Math.max(Math.round(count * PAGE_SHARE), 1);
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowLeft: -1, ArrowRight: 1, PageUp: -page, PageDown: page },
    ...{ Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY },
  };
  const step = steps[key];
  if (step === undefined || count === 0) return null;
  // The newest instant comes first: recent events matter most.
  const next = at === null ? (step > 0 && key !== 'End' ? 0 : count - 1) : at + step;
  return Math.min(Math.max(key === 'Home' ? 0 : next, 0), count - 1);
}

/**
 * The selection within a chart that may now have fewer buckets than before; null if nothing
 * remains.
 */
export const within = ({ anchor, at }: Brushed, count: number): Brushed | null =>
  count === 0 ? null : { anchor: Math.min(anchor, count - 1), at: Math.min(at, count - 1) };

/** The selected time: whole buckets, in epoch milliseconds. */
export function rangeOf({ anchor, at }: Brushed, times: readonly number[]): [from: number, to: number] {
  const [first, last] = [Math.min(anchor, at), Math.max(anchor, at)];
  return [times[first] ?? 0, (times[last] ?? 0) + stepOf(times)];
}

/** Shows the selection as the pointer would, also in the other charts of the group. */
export function showBrushed(plot: uPlot, brushed: Brushed): void {
  const leftOf = (index: number) => plot.valToPos(plot.data[0][index] ?? 0, 'x');
  const [left, other] = [leftOf(brushed.at), leftOf(brushed.anchor)];
  const height = brushed.anchor === brushed.at ? 0 : plot.over.clientHeight;
  plot.setSelect({ left: Math.min(left, other), width: Math.abs(left - other), top: 0, height }, false);
  point(plot, left, 0);
}

/** A position where no instant is. */
const AWAY = -10;

export function hideBrushed(plot: uPlot): void {
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  point(plot, AWAY, AWAY);
}

/** Exists in uPlot but not in its types: the other charts of the group follow. */
interface Published {
  setCursor(
    cursor: { readonly left: number; readonly top: number },
    fireHook: boolean,
    publish: boolean,
  ): void;
}

function point(plot: Published, left: number, top: number): void {
  plot.setCursor({ left, top }, true, true);
}
