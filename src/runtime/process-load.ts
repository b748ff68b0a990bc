import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The current load of the server process. */
export interface ProcessLoad {
  /** The 99th percentile, in milliseconds; see `createProcessLoad`. */
  readonly eventLoopDelayMs: number;
  /** The resident set of the process, in bytes. */
  readonly memoryBytes: number;
  readonly uptimeSeconds: number;
}

/** Passed in, so that tests decide how busy the server is. */
export interface ProcessLoadSource {
  read(): ProcessLoad;
  /** Ends the measurement. */
  stop(): void;
}

export interface ProcessLoadOptions {
  /**
   * Nothing is measured for this long after the start, because loading code blocks the loop. A
   * shorter span counts as no delay, because one pause would be 1 % of it. Default: 10,000.
   */
  readonly warmUpMs?: number;
}

const RESOLUTION_MS = 20;
/** The length of a span. The delay is the worse of the current and the previous span. */
const SPAN_MS = 30_000;
const NANOSECONDS_PER_MS = 1e6;

/**
 * Measures this process. The delay of the event loop is how late a timer of 20 ms fires: the 99th
 * percentile over the last 30 to 60 seconds. So a single pause does not show. The delay is 0 until
 * a span is long enough.
 */
export function createProcessLoad({ warmUpMs = 10_000 }: ProcessLoadOptions = {}): ProcessLoadSource {
  const createdAt = performance.now();
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let spanStart = Number.POSITIVE_INFINITY;
  let before = 0;
  let nextSpan: NodeJS.Timeout | undefined;

  function delay(): number {
    if (performance.now() - spanStart < warmUpMs || histogram.count === 0) return 0;
    // The histogram records the time from one firing to the next, so the period of the timer is
    // subtracted.
    const lateNs = histogram.percentile(99) - RESOLUTION_MS * NANOSECONDS_PER_MS;
    // A single division, so that no digits of a rounding error show.
    return Math.max(0, lateNs) / NANOSECONDS_PER_MS;
  }

  function startSpan(): void {
    histogram.reset();
    spanStart = performance.now();
  }

  const warmUp = setTimeout(() => {
    startSpan();
    histogram.enable();
    nextSpan = setInterval(() => {
      before = delay();
      startSpan();
    }, SPAN_MS).unref();
  }, warmUpMs).unref();

  return {
    read: () => ({
      eventLoopDelayMs: Math.max(before, delay()),
      memoryBytes: process.memoryUsage.rss(),
      // Not since the start of the process, in which `npm start` first installs.
      uptimeSeconds: (performance.now() - createdAt) / 1000,
    }),
    stop() {
      clearTimeout(warmUp);
      clearInterval(nextSpan);
      histogram.disable();
    },
  };
}
