import { MINUTE_MS, SECOND_MS } from '../../core/time/units.ts';

/** How often a rule is evaluated. */
export interface Pace {
  /** The shortest time between evaluations, after new events of its dataset. */
  readonly afterEventsMs: number;
  /** The time between evaluations without new events, because the window slides as time passes. */
  readonly idleMs: number;
}

/** When a rule was last evaluated, and what has happened since. */
export interface Progress {
  /** Epoch milliseconds; null if never. */
  readonly evaluatedAt: number | null;
  readonly hasNewEvents: boolean;
}

/**
 * The longer the window, the less a moment can change it: about sixty evaluations per length of the
 * window with new events, ten without.
 */
export function paceOf(windowMs: number): Pace {
  return {
    afterEventsMs: between(SECOND_MS, windowMs / 60, MINUTE_MS),
    idleMs: between(5 * SECOND_MS, windowMs / 10, MINUTE_MS),
  };
}

/** Whether it is time to evaluate. If the clock was set back, the rule is due at once. */
export function isDue(pace: Pace, { evaluatedAt, hasNewEvents }: Progress, now: number): boolean {
  if (evaluatedAt === null || now < evaluatedAt) return true;
  return now - evaluatedAt >= (hasNewEvents ? pace.afterEventsMs : pace.idleMs);
}

const between = (least: number, value: number, most: number): number =>
  Math.min(Math.max(value, least), most);
