import { MINUTE_MS, SECOND_MS } from '../../core/time/units.ts';

/** How often a rule is evaluated. */
export interface Pace {
  /** At most once in so many milliseconds, after new events of its dataset. */
  readonly afterEventsMs: number;
  /** Without any, because the window slides and time passes. */
  readonly idleMs: number;
}

/** What was when a rule was last evaluated, and has been since. Times are epoch milliseconds. */
export interface Progress {
  /** Null: never. */
  readonly evaluatedAt: number | null;
  readonly hasNewEvents: boolean;
}

/**
 * The longer the window, the less a moment can change: about sixty looks at each stretch of time,
 * ten without new events.
 */
export function paceOf(windowMs: number): Pace {
  return {
    afterEventsMs: between(SECOND_MS, windowMs / 60, MINUTE_MS),
    idleMs: between(5 * SECOND_MS, windowMs / 10, MINUTE_MS),
  };
}

/**
 * Whether it is time to evaluate. A clock that was set back makes no rule wait until it is where it
 * was.
 */
export function isDue(pace: Pace, { evaluatedAt, hasNewEvents }: Progress, now: number): boolean {
  if (evaluatedAt === null || now < evaluatedAt) return true;
  return now - evaluatedAt >= (hasNewEvents ? pace.afterEventsMs : pace.idleMs);
}

const between = (least: number, value: number, most: number): number =>
  Math.min(Math.max(value, least), most);
