import { MAX_WINDOWS } from '../../analytics/window-frame.ts';
import type { Interval } from '../../core/time/range.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/time/units.ts';

/** From one look to the next, finest first. All divide a day. */
const STEPS_MS = [10 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS];

/**
 * How often a preview looks at a rule: every 10 seconds with a window below a minute, every minute
 * up to an hour, every 5 minutes below a day, every hour from a day on; and less often where the
 * range is too long for that, as long as no event is left out.
 */
export function previewStep(windowMs: number, range: Interval): number {
  const allowed = STEPS_MS.filter((step) => step >= finestStep(windowMs) && step <= windowMs);
  const fitting = allowed.find((step) => {
    const { from, to } = looksWithin(range, step);
    return (to - from) / step <= MAX_WINDOWS;
  });
  return fitting ?? (allowed.at(-1) as number);
}

function finestStep(windowMs: number): number {
  if (windowMs < MINUTE_MS) return 10 * SECOND_MS;
  if (windowMs <= HOUR_MS) return MINUTE_MS;
  return windowMs < DAY_MS ? 5 * MINUTE_MS : HOUR_MS;
}

/**
 * The range of whose steps each ends with a look: at full minutes of a step of a minute, because
 * there windows begin and end where cells do. Looks lie after the beginning of the range that is
 * asked for, the last one perhaps at its end.
 */
export function looksWithin({ from, to }: Interval, step: number): Interval {
  return { from: Math.floor(from / step) * step, to: Math.floor(to / step) * step };
}
