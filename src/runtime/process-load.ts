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

export interface ProcessLoadOptions {
  /**
   * So long after the start nothing is measured, because loading code holds the loop up; and a span
   * so short gives no delay, because one pause would be 1 % of it. Default: 10,000.
   */
  readonly warmUpMs?: number;
}

const RESOLUTION_MS = 20;
/** The delay is that of the last one to two of these, whichever is worse. */
const SPAN_MS = 30_000;
const NANOSECONDS = 1e6;

/**
 * Measures this process. The delay of the event loop is how late a timer of 20 ms fires: 99 % of
 * the last half to whole minute's were not later. A single pause is no lasting burden and does not
 * show. It is 0 until there is something to tell.
 */
export function createProcessLoad({ warmUpMs = 10_000 }: ProcessLoadOptions = {}): ProcessLoadSource {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let spanStart = Number.POSITIVE_INFINITY;
  let before = 0;
  let turn: NodeJS.Timeout | undefined;

  function delay(): number {
    if (performance.now() - spanStart < warmUpMs || histogram.count === 0) return 0;
    // What is recorded is the time from one firing to the next, so the timer's own period is taken
    // off.
    return Math.max(0, histogram.percentile(99) / NANOSECONDS - RESOLUTION_MS);
  }

  function startSpan(): void {
    histogram.reset();
    spanStart = performance.now();
  }

  const warmUp = setTimeout(() => {
    startSpan();
    histogram.enable();
    turn = setInterval(() => {
      before = delay();
      startSpan();
    }, SPAN_MS).unref();
  }, warmUpMs).unref();

  return {
    read: () => ({
      eventLoopDelayMs: Math.max(before, delay()),
      memoryBytes: process.memoryUsage.rss(),
      uptimeSeconds: process.uptime(),
    }),
    stop() {
      clearTimeout(warmUp);
      clearInterval(turn);
      histogram.disable();
    },
  };
}
