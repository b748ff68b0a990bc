import { type Attempt, startAttempt } from './attempt.ts';
import type { Counts } from './counts.ts';
import type { Settings } from './options.ts';
import { createPatience } from './patience.ts';
import type { Platform } from './platform.ts';
import { MAX_BYTES_AFTER_THE_END, type Post } from './post.ts';
import type { Problem } from './problem.ts';
import type { Queue } from './queue.ts';
import { createSettle } from './settle.ts';

export interface SenderOptions {
  readonly settings: Pick<Settings, 'batchSize' | 'flushIntervalMs' | 'retryForMs'>;
  readonly platform: Platform;
  readonly queue: Queue;
  readonly counts: Counts;
  readonly post: Post;
  readonly report: (problem: Problem) => void;
  /** Called when events have left the queue, or wait for another attempt. */
  readonly onProgress: () => void;
}

/**
 * Empties the queue, one batch at a time, so that events arrive in order and a slow server is not
 * overloaded.
 */
export interface Sender {
  /**
   * Must be called when an event was added. A full batch is sent at once, a smaller one after the
   * interval.
   */
  notice(): void;
  /**
   * Sends what waits now without delay, unless the server has asked for one. When a page is about
   * to end, the batch in progress is sent again, with what waits, in a request that outlives the
   * page.
   */
  hurry(): void;
  /** Until when the server has asked for a pause, by `elapsed`; 0 if it has not. */
  readonly quietUntil: number;
  /** Aborts the attempt in progress, and sends nothing more. */
  stop(): void;
}

/** The server lets bodies above 4 MiB take turns; it answers smaller ones concurrently. */
const MAX_BYTES_PER_BATCH = 4e6;
/** There may be no further batch, so it takes all that can outlive a page. */
const LAST_BATCH = { events: Number.POSITIVE_INFINITY, bytes: MAX_BYTES_AFTER_THE_END };

export function createSender(options: SenderOptions): Sender {
  const { settings, platform, queue, post } = options;
  const { batchSize, flushIntervalMs } = settings;
  const patience = createPatience(platform);
  let forgetTimer: (() => void) | null = null;
  let isRunning = false;
  let isStopped = false;
  /** The attempt in progress that would end with its page. */
  let mortal: Attempt | null = null;
  let underWay: Attempt | null = null;
  /** Up to this event, batches are sent even if they are not full. */
  let dueUpTo = -1;
  let bytesPerBatch = MAX_BYTES_PER_BATCH;
  const limitBytes = (bytes: number) => {
    bytesPerBatch = bytes;
  };
  const settle = createSettle({ ...options, limitBytes });

  const isDue = () => queue.waiting >= batchSize || (queue.oldest ?? Number.POSITIVE_INFINITY) <= dueUpTo;

  async function run(): Promise<void> {
    isRunning = true;
    forgetTimer?.();
    forgetTimer = null;
    while (!isStopped && isDue()) {
      const isEnding = platform.isEnding();
      const batch = queue.take(isEnding ? LAST_BATCH : { events: batchSize, bytes: bytesPerBatch });
      for (const entry of batch) entry.firstTriedAt ??= platform.elapsed();
      underWay = startAttempt(post, batch);
      mortal = isEnding ? null : underWay;
      const verdict = await underWay.verdict;
      underWay = null;
      if (isStopped) break;
      if (verdict === null) {
        queue.putBack(() => true);
        continue;
      }
      settle(batch, verdict);
      const waitMs = patience.waitAfter(verdict);
      options.onProgress();
      if (waitMs > 0) await patience.pause(waitMs);
    }
    isRunning = false;
    if (queue.waiting > 0) arm();
  }

  function arm(): void {
    if (isRunning || isStopped) return;
    if (isDue()) void run();
    else forgetTimer ??= platform.startTimer(sendAll, flushIntervalMs);
  }

  function sendAll(): void {
    forgetTimer = null;
    dueUpTo = queue.newest;
    arm();
  }

  return {
    notice: arm,
    hurry() {
      dueUpTo = queue.newest;
      if (patience.quietUntil === 0) patience.endPause();
      if (platform.isEnding()) mortal?.abandon();
      arm();
    },
    get quietUntil() {
      return patience.quietUntil;
    },
    stop() {
      isStopped = true;
      underWay?.abandon();
      forgetTimer?.();
      patience.endPause();
    },
  };
}
