/** Events per millisecond that are assumed before any were measured. */
const ASSUMED_RATE = 10;
/** Weight of the newest measurement in the moving average of the rate. */
const NEWEST_WEIGHT = 0.3;

/** How fast events are stored. */
export interface Rate {
  eventsPerMs(): number;
  /** Starts to measure a batch. Returns the time, by the clock of the queue. */
  begin(): number;
  /** Records that this many events of a batch, started at that time, are stored. */
  end(started: number, events: number): void;
}

/** A moving average. If batches overlap, the later one counts from the end of the earlier one. */
export function createRate(now: () => number): Rate {
  let rate: number | null = null;
  let lastEnd = Number.NEGATIVE_INFINITY;
  return {
    eventsPerMs: () => rate ?? ASSUMED_RATE,
    begin: () => now(),
    end(started, events) {
      const elapsed = Math.max(now() - Math.max(started, lastEnd), 0.1);
      lastEnd = now();
      const newest = events / elapsed;
      rate = rate === null ? newest : rate + NEWEST_WEIGHT * (newest - rate);
    },
  };
}
