/**
 * The source of the current time. It is passed in everywhere, so that tests decide what time it is.
 */
export interface Clock {
  /**
   * The current time in milliseconds since 1970-01-01T00:00:00Z. It may step backwards when the
   * machine's clock is set.
   */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** How far the clocks of instances may be apart. */
export const CLOCK_SKEW_MS = 60_000;
