/** Where the present comes from. Passed in everywhere, so that tests decide what time it is. */
export interface Clock {
  /**
   * The present in milliseconds since 1970-01-01T00:00:00Z. May step backwards when the machine's
   * clock is set.
   */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };
