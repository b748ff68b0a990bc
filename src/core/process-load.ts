import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What the process that serves uses now. */
export interface ProcessLoad {
  /** See `createProcessLoad`. Milliseconds, p99. */
  readonly eventLoopDelayMs: number;
  /** Bytes of memory that the process holds (its resident set). */
  readonly memoryBytes: number;
  readonly uptimeSeconds: number;
}

/** Passed in, so that tests decide how busy the server is. */
export interface ProcessLoadSource {
  read(): ProcessLoad;
  /** Ends the measurement. */
  stop(): void;
}

const RESOLUTION_MS = 20;
/** The delay is that of the last one to two of these, whichever is worse. */
const SPAN_MS = 30_000;
const NANOSECONDS = 1e6;

/**
 * Measures this process. The delay of the event loop is how late a timer of 20 ms fires: 99 % of the last half to whole minute's
 * were not later. A single pause is no lasting burden and does not show.
 */
export function createProcessLoad(): ProcessLoadSource {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let before = 0;
  // What is recorded is the time from one firing to the next, so the timer's own period is taken off.
  const delay = () =>
    histogram.count === 0 ? 0 : Math.max(0, histogram.percentile(99) / NANOSECONDS - RESOLUTION_MS);
  const turn = setInterval(() => {
    before = delay();
    histogram.reset();
  }, SPAN_MS);
  turn.unref();
  histogram.enable();
  return {
    read: () => ({
      eventLoopDelayMs: Math.max(before, delay()),
      memoryBytes: process.memoryUsage.rss(),
      uptimeSeconds: process.uptime(),
    }),
    stop() {
      clearInterval(turn);
      histogram.disable();
    },
  };
}
