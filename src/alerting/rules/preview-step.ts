import { MAX_WINDOWS } from '../../analytics/window-frame.ts';
import { defined } from '../../core/defined.ts';
import type { Interval } from '../../core/time/range.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/units.ts';

/** Milliseconds between evaluations, the shortest first. All divide a day. */
const STEPS_MS = [10 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS];

/**
 * How often a preview evaluates a rule: every 10 seconds for a window below a minute, every minute
 * up to an hour, every 5 minutes below a day, every hour from a day on. If the range is too long
 * for that, it evaluates less often, but never so rarely that windows omit events.
 */
export function previewStep(windowMs: number, range: Interval): number {
  const allowed = STEPS_MS.filter((step) => step >= finestStep(windowMs) && step <= windowMs);
  const fitting = allowed.find((step) => {
    const { from, to } = evaluationsWithin(range, step);
    return (to - from) / step <= MAX_WINDOWS;
  });
  return fitting ?? defined(allowed.at(-1));
}

function finestStep(windowMs: number): number {
  if (windowMs < MINUTE_MS) return 10 * SECOND_MS;
  if (windowMs <= HOUR_MS) return MINUTE_MS;
  return windowMs < DAY_MS ? 5 * MINUTE_MS : HOUR_MS;
}

/**
 * The range, aligned to whole steps. Each step ends with an evaluation. With a step of a minute,
 * evaluations are at full minutes, because windows then begin and end where cells do. Evaluations
 * are after the start of the requested range; the last may be at its end.
 */
export function evaluationsWithin({ from, to }: Interval, step: number): Interval {
  return { from: Math.floor(from / step) * step, to: Math.floor(to / step) * step };
}
